using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>
/// Runs a model over videos and reads names, frame embeddings, times and errors, and nothing else, so that no captioner runs.
/// </summary>
/// <param name="model">A retrieval transformer, or a pipeline that holds one.</param>
/// <param name="videoIdColumn">The column that names videos.</param>
public sealed class EmbeddedVideoReader(ITransformer model, string videoIdColumn = EmbeddedVideoReader.DefaultVideoIdColumn)
{
    /// <summary>Default name of the column that names videos.</summary>
    public const string DefaultVideoIdColumn = FrameSamplerOptions.DefaultVideoIdColumnName;
    private readonly MultiCaptionRetrievalTransformer _stage = RetrievalStage.Find(model);
    private readonly List<SkippedVideo> _skipped = [];

    /// <summary>The videos that could not be read, so far.</summary>
    public IReadOnlyList<SkippedVideo> Skipped => _skipped;

    /// <summary>Embeds the videos one after the other.</summary>
    /// <exception cref="ArgumentException">A column is missing.</exception>
    public IEnumerable<EmbeddedVideo> Read(IDataView videos, CancellationToken cancellationToken = default)
    {
        var view = model.Transform(videos);
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
            if (readError?.Invoke() is { Length: > 0 } reason)
            {
                _skipped.Add(new(name, reason));
                continue;
            }
            var embeddings = readFrames();
            yield return new(name, embeddings, Times(readTimes, embeddings.Length / _stage.Dimension));
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
        var view = model.Transform(videos);
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
            if (!isWanted(name) || readError?.Invoke() is { Length: > 0 }) continue;
            var taken = new byte[(entries?.Length ?? frames.Count) * frames.FrameBytes];
            frames.Copy(readFrames(), entries, taken);
            yield return new(name, taken);
        }
    }

    /// <summary>Reads the times of the embedded frames, which may be some of a pool.</summary>
    private static double[] Times(Func<double[]>? read, int count)
    {
        var times = read is null ? [.. Enumerable.Repeat(double.NaN, count)] : read();
        return times.Length == count ? times : [.. SegmentPlan.PoolMiddles(count, times.Length / count).Select(entry => times[entry])];
    }
}

/// <summary>A video and its frame embeddings.</summary>
/// <param name="VideoId">Its name.</param>
/// <param name="Frames">Frame embeddings [N, D], un-normalised.</param>
/// <param name="Times">Presentation times [N], in seconds; NaN where the data has none.</param>
public sealed record EmbeddedVideo(string VideoId, float[] Frames, double[] Times);
