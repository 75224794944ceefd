using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>
/// Runs a model over videos and reads names, frame embeddings, times and errors, and nothing else, so that no captioner runs. Rows of one name
/// are one video, which is embedded once.
/// </summary>
/// <param name="model">A retrieval transformer, or a pipeline that holds one.</param>
/// <param name="videoIdColumn">The column that names videos.</param>
public sealed class EmbeddedVideoReader(ITransformer model, string videoIdColumn = EmbeddedVideoReader.DefaultVideoIdColumn)
{
    /// <summary>Default name of the column that names videos.</summary>
    public const string DefaultVideoIdColumn = FrameSamplerOptions.DefaultVideoIdColumnName;

    /// <summary>Embeddings of the same frames differ by less, relative to the largest value, in whatever batch they were computed.</summary>
    private const float SameFrames = 1e-3f;

    private readonly MultiCaptionRetrievalTransformer _stage = RetrievalStage.Find(model);
    private readonly List<SkippedVideo> _skipped = [];

    /// <summary>The videos that could not be read, so far.</summary>
    public IReadOnlyList<SkippedVideo> Skipped => _skipped;

    /// <summary>Returns N, how many frames of a video <see cref="Read"/> embeds; nothing is computed.</summary>
    /// <exception cref="ArgumentException">A column is missing.</exception>
    public int CountFrames(IDataView videos)
    {
        ArgumentNullException.ThrowIfNull(videos);
        var column = model.GetOutputSchema(videos.Schema)[MultiCaptionRetrievalTransformer.FrameEmbeddingsColumn];
        return ((VectorDataViewType)column.Type).Dimensions[0];
    }

    /// <summary>Embeds the videos one after the other.</summary>
    /// <exception cref="ArgumentException">A column is missing.</exception>
    /// <exception cref="InvalidDataException">Two rows of one name are about different files or parts, or hold different frames.</exception>
    public IEnumerable<EmbeddedVideo> Read(IDataView videos, CancellationToken cancellationToken = default)
    {
        var (view, repeated) = Distinct(videos);
        var id = ColumnShapes.Require(view.Schema, videoIdColumn, TextDataViewType.Instance, vector: false);
        var frames = view.Schema[MultiCaptionRetrievalTransformer.FrameEmbeddingsColumn];
        var times = view.Schema.GetColumnOrNull(FrameSamplerTransformer.TimesColumn(_stage.FramesColumn));
        var error = view.Schema.GetColumnOrNull(FrameSamplerTransformer.ErrorColumn);

        using var cursor = view.GetRowCursor(new[] { id, frames, times, error }.OfType<DataViewSchema.Column>());
        var readId = RowReader.Text(cursor, id);
        var readFrames = RowReader.List<float>(cursor, frames);
        var readTimes = times is null ? null : RowReader.List<double>(cursor, times.Value);
        var readError = error is null ? null : RowReader.Text(cursor, error.Value);
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = readId();
            var reason = readError?.Invoke() ?? "";
            var embeddings = reason.Length > 0 ? [] : readFrames();
            if (!repeated.IsFirst(name, embeddings)) continue;
            if (reason.Length > 0) _skipped.Add(new(name, reason));
            else yield return new(name, embeddings, Times(readTimes, embeddings.Length / _stage.Dimension));
        }
    }

    /// <summary>
    /// Reads the frames [N, S, S, 3] that the network embeds, of the same videos in the same order; videos that cannot be read are left out
    /// silently.
    /// </summary>
    /// <param name="videos">The videos.</param>
    /// <param name="isWanted">Decides by name whose frames are read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public IEnumerable<KeyValuePair<string, byte[]>> ReadFrames(
        IDataView videos, Func<string, bool> isWanted, CancellationToken cancellationToken = default)
    {
        var (view, repeated) = Distinct(videos);
        var id = ColumnShapes.Require(view.Schema, videoIdColumn, TextDataViewType.Instance, vector: false);
        var frames = FrameColumnView.Find(view.Schema, _stage.FramesColumn);
        var error = view.Schema.GetColumnOrNull(FrameSamplerTransformer.ErrorColumn);
        var entries = _stage.Entries(frames);

        using var cursor = view.GetRowCursor(new[] { id, frames.Column, error }.OfType<DataViewSchema.Column>());
        var readId = RowReader.Text(cursor, id);
        var readFrames = RowReader.List<byte>(cursor, frames.Column);
        var readError = error is null ? null : RowReader.Text(cursor, error.Value);
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = readId();
            if (!isWanted(name) || !repeated.IsFirst(name, []) || readError?.Invoke() is { Length: > 0 }) continue;
            var taken = new byte[(entries?.Length ?? frames.Count) * frames.FrameBytes];
            frames.Copy(readFrames(), entries, taken);
            yield return new(name, taken);
        }
    }

    /// <summary>Runs the model over the first row of each video, as far as paths tell which these are.</summary>
    /// <returns>The output, and the names that several of its rows have.</returns>
    private (IDataView View, RepeatedNames Repeated) Distinct(IDataView videos)
    {
        var view = model.Transform(videos);
        var clips = Clips(view.Schema);
        if (clips is null) return (view, RepeatedNames.Find(view, videoIdColumn));
        // Rows are left out before the model, where their columns are there already: nothing is decoded for them then.
        return Holds(videos.Schema, clips)
            ? (model.Transform(DistinctVideosView.Of(videos, clips)), RepeatedNames.None)
            : (DistinctVideosView.Of(view, clips), RepeatedNames.None);
    }

    /// <summary>The columns that name a row's clip; null where the rows have names alone.</summary>
    private ClipColumns? Clips(DataViewSchema schema)
    {
        var frames = schema.GetColumnOrNull(_stage.FramesColumn);
        var named = frames is { } column && FrameSourceAnnotation.TryGet(column, out FrameSourceAnnotation? source) ? source.Clips : ClipColumns.Default;
        var clips = named with { VideoId = videoIdColumn };
        return Holds(schema, clips) ? clips : null;
    }

    private static bool Holds(DataViewSchema schema, ClipColumns clips) =>
        new[] { clips.Path, clips.VideoId }.All(name => schema.GetColumnOrNull(name)?.Type is TextDataViewType)
        && new[] { clips.Start, clips.End }.All(name => schema.GetColumnOrNull(name) is not { } bound || bound.Type.Equals(NumberDataViewType.Single));

    /// <summary>Reads the times of the embedded frames, which may be some of a pool.</summary>
    private static double[] Times(Func<double[]>? read, int count)
    {
        var times = read is null ? [.. Enumerable.Repeat(double.NaN, count)] : read();
        return times.Length == count ? times : [.. SegmentPlan.PoolMiddles(count, times.Length / count).Select(entry => times[entry])];
    }

    /// <summary>Names that several rows have which hold frames and no path: the rows must then hold the same frames.</summary>
    private sealed class RepeatedNames
    {
        private readonly Dictionary<string, float[]?> _names = new(StringComparer.Ordinal);

        internal static RepeatedNames None => new();

        internal static RepeatedNames Find(IDataView view, string column)
        {
            var found = new RepeatedNames();
            if (view.Schema.GetColumnOrNull(column) is not { Type: TextDataViewType } id) return found;     // the caller says so
            using var cursor = view.GetRowCursor([id]);
            var (read, seen) = (RowReader.Text(cursor, id), new HashSet<string>(StringComparer.Ordinal));
            while (cursor.MoveNext())
                if (VideoListing.Normalise(read()) is var name && !seen.Add(name)) found._names[name] = null;
            return found;
        }

        /// <summary>Whether a row is the first of its name.</summary>
        /// <param name="videoId">The name.</param>
        /// <param name="embeddings">Of its frames; empty where they are not compared.</param>
        /// <exception cref="InvalidDataException">The first row of that name holds other frames.</exception>
        internal bool IsFirst(string videoId, float[] embeddings)
        {
            var name = VideoListing.Normalise(videoId);
            if (!_names.TryGetValue(name, out var first)) return true;
            if (first is null)
            {
                _names[name] = embeddings;
                return true;
            }
            if (AreSame(first, embeddings)) return false;
            throw new InvalidDataException($"Rows of the video '{videoId}' hold different frames; rows of one name are one video. Give every video a name of "
                + "its own.");
        }

        private static bool AreSame(float[] first, float[] other)
        {
            if (first.Length == 0 || first.Length != other.Length) return first.Length == other.Length;
            return TensorPrimitives.Distance<float>(first, other) <= SameFrames * TensorPrimitives.Norm<float>(first);
        }
    }
}

/// <summary>A video and its frame embeddings.</summary>
/// <param name="VideoId">Its name.</param>
/// <param name="Frames">Frame embeddings [N, D], un-normalised.</param>
/// <param name="Times">Presentation times [N], in seconds; NaN where the data has none.</param>
public sealed record EmbeddedVideo(string VideoId, float[] Frames, double[] Times);
