using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>
/// Runs a model over videos and reads names, frame embeddings, times and errors, and nothing else: no captioner runs.
/// </summary>
/// <param name="model">A retrieval transformer, or a pipeline that holds one.</param>
/// <param name="videoIdColumn">The column that names videos.</param>
internal sealed class EmbeddedVideoReader(ITransformer model, string videoIdColumn = EmbeddedVideoReader.DefaultVideoIdColumn)
{
    internal const string DefaultVideoIdColumn = "VideoId";
    private readonly MultiCaptionRetrievalTransformer _stage = RetrievalStage.Of(model);
    private readonly List<SkippedVideo> _skipped = [];

    /// <summary>Videos that could not be read, so far.</summary>
    internal IReadOnlyList<SkippedVideo> Skipped => _skipped;

    /// <summary>Embeds the videos one after the other.</summary>
    /// <exception cref="ArgumentException">A column is missing.</exception>
    internal IEnumerable<EmbeddedVideo> Read(IDataView videos, CancellationToken cancellationToken = default)
    {
        var view = model.Transform(videos);
        var id = ColumnShapes.Require(view.Schema, videoIdColumn, TextDataViewType.Instance, vector: false);
        var frames = view.Schema[MultiCaptionRetrievalTransformer.FrameEmbeddingsColumn];
        var times = view.Schema.GetColumnOrNull(FrameSamplerTransformer.TimesColumn(_stage.FramesColumn));
        var error = view.Schema.GetColumnOrNull(_stage.FrameErrorColumn);

        using var cursor = view.GetRowCursor(new[] { id, frames, times, error }.OfType<DataViewSchema.Column>());
        var readId = cursor.GetGetter<ReadOnlyMemory<char>>(id);
        var readFrames = cursor.GetGetter<VBuffer<float>>(frames);
        var readTimes = times is null ? null : cursor.GetGetter<VBuffer<double>>(times.Value);
        var readError = error is null ? null : cursor.GetGetter<ReadOnlyMemory<char>>(error.Value);
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Text(readId);
            if (readError is not null && Text(readError) is { Length: > 0 } reason)
            {
                _skipped.Add(new(name, reason));
                continue;
            }
            var embeddings = Values(readFrames);
            yield return new(name, embeddings, Times(readTimes, embeddings.Length / _stage.Dimension));
        }
    }

    private static string Text(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        ReadOnlyMemory<char> text = default;
        getter(ref text);
        return text.ToString();
    }

    private static T[] Values<T>(ValueGetter<VBuffer<T>> getter)
    {
        VBuffer<T> values = default;
        getter(ref values);
        return [.. values.DenseValues()];
    }

    /// <summary>The times of the frames that were embedded, which may be some of a pool.</summary>
    private static double[] Times(ValueGetter<VBuffer<double>>? getter, int count)
    {
        var times = getter is null ? [.. Enumerable.Repeat(double.NaN, count)] : Values(getter);
        return times.Length == count ? times : [.. SegmentPlan.PoolMiddles(count, times.Length / count).Select(entry => times[entry])];
    }
}
