using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>
/// Embeds the frames of a window of videos at once; a video that could not be read gets zeros, and no network runs on it.
/// </summary>
internal sealed class FrameEmbedding : BatchComputation
{
    private const int ImagesPerBatch = 32;

    private readonly RetrievalNetwork _network;
    private readonly FrameColumnView _view;
    private readonly DataViewSchema.Column _frames;
    private readonly DataViewSchema.Column? _error;
    private readonly int[]? _entries;
    private readonly int _count;

    /// <summary>Binds to columns.</summary>
    /// <param name="network">The encoder.</param>
    /// <param name="frames">The frame column.</param>
    /// <param name="error">The column of errors, where there is one.</param>
    /// <param name="entries">Which of the column's frames are embedded; null = all.</param>
    internal FrameEmbedding(RetrievalNetwork network, FrameColumnView frames, DataViewSchema.Column? error, int[]? entries)
    {
        (_network, _view, _frames, _error, _entries, _count) = (network, frames, frames.Column, error, entries, entries?.Length ?? frames.Count);
        Inputs = error is null ? [_frames] : [_frames, error.Value];
        Outputs =
        [
            new(MultiCaptionRetrievalTransformer.EmbeddingColumn, new VectorDataViewType(NumberDataViewType.Single, network.Dimension)),
            new(MultiCaptionRetrievalTransformer.FrameEmbeddingsColumn, new VectorDataViewType(NumberDataViewType.Single, _count, network.Dimension)),
        ];
    }

    internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; }

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    internal override int RowsPerBatch => MicroBatch.Rows(ImagesPerBatch, _count);

    internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) => new Batch(this, input, capacity);

    private sealed class Batch : ComputationBatch
    {
        private readonly FrameEmbedding _owner;
        private readonly VectorInput<byte> _frames;
        private readonly TextInput? _errors;
        private readonly int _videoBytes, _videoValues, _dimension;
        private readonly byte[] _readable;
        private readonly float[] _computed, _frameEmbeddings, _embeddings;

        internal Batch(FrameEmbedding owner, DataViewRow input, int capacity)
        {
            (_owner, _frames) = (owner, new(input, owner._frames, capacity));
            _errors = owner._error is { } error ? new(input, error, capacity) : null;
            _dimension = owner._network.Dimension;
            (_videoBytes, _videoValues) = (owner._count * owner._network.Format.FrameBytes, owner._count * _dimension);
            _readable = new byte[capacity * _videoBytes];
            (_computed, _frameEmbeddings) = (new float[capacity * _videoValues], new float[capacity * _videoValues]);
            _embeddings = new float[capacity * _dimension];
        }

        internal override void Read(int slot)
        {
            _frames.Read(slot);
            _errors?.Read(slot);
        }

        internal override void Compute(int count)
        {
            var readable = Enumerable.Range(0, count).Where(slot => string.IsNullOrEmpty(_errors?[slot])).ToArray();
            for (var i = 0; i < readable.Length; i++)
                _owner._view.Copy(_frames.Slot(readable[i]), _owner._entries, _readable.AsSpan(i * _videoBytes, _videoBytes));
            Array.Clear(_frameEmbeddings);
            Array.Clear(_embeddings);
            if (readable.Length == 0) return;
            _owner._network.Encoder.EmbedFrames(
                _readable.AsSpan(0, readable.Length * _videoBytes), readable.Length * _owner._count,
                _computed.AsSpan(0, readable.Length * _videoValues));
            for (var i = 0; i < readable.Length; i++)
            {
                var video = _computed.AsSpan(i * _videoValues, _videoValues);
                video.CopyTo(_frameEmbeddings.AsSpan(readable[i] * _videoValues));
                UnitVector.ComputeMean(video, _embeddings.AsSpan(readable[i] * _dimension, _dimension));
            }
        }

        internal override Delegate CreateGetter(int output, Func<int> slot) => output == 0
            ? ColumnGetters.Vector(_embeddings, _dimension, slot)
            : ColumnGetters.Vector(_frameEmbeddings, _videoValues, slot);
    }
}

/// <summary>Computes vectors of length 1.</summary>
internal static class UnitVector
{
    /// <summary>Computes the mean of several vectors, divided by its length.</summary>
    /// <param name="vectors">[N, D].</param>
    /// <param name="result">Receives [D].</param>
    internal static void ComputeMean(ReadOnlySpan<float> vectors, Span<float> result)
    {
        var count = vectors.Length / result.Length;
        for (var d = 0; d < result.Length; d++)
        {
            var sum = 0.0;
            for (var n = 0; n < count; n++) sum += vectors[(n * result.Length) + d];
            result[d] = (float)(sum / count);
        }
        Normalise(result);
    }

    /// <summary>Divides a vector by its length.</summary>
    internal static void Normalise(Span<float> vector)
    {
        var length = QueryScoring.Length(vector);
        for (var d = 0; d < vector.Length; d++) vector[d] = (float)(vector[d] / length);
    }
}
