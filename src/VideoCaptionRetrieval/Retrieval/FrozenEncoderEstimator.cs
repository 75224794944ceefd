using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Retrieval;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval;

/// <summary>
/// Puts a checkpoint as it is at the end of a pipeline: zero-shot retrieval. Nothing is trained; Fit checks that the frame column is what the
/// checkpoint takes. The transformer embeds as many frames of a video as the column holds. Thread-safe.
/// </summary>
public sealed class FrozenEncoderEstimator : IEstimator<MultiCaptionRetrievalTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly string _checkpoint, _framesColumn;
    private readonly FrameScoring _scoring;
    private readonly int? _imageSize;

    internal FrozenEncoderEstimator(IHostEnvironment environment, string checkpoint, string framesColumn, FrameScoring scoring, int? imageSize) =>
        (_environment, _checkpoint, _framesColumn, _scoring, _imageSize) = (environment, checkpoint, framesColumn, scoring, imageSize);

    /// <summary>Opens the checkpoint's configuration; its weights are read when they are first needed. The caller owns and disposes the model.</summary>
    /// <param name="input">Data with the frame column, vector of Byte [N, S, S, 3]. No row is read.</param>
    /// <exception cref="ArgumentException">The column is missing, or holds frames of another size.</exception>
    /// <exception cref="Models.ModelFileException">The checkpoint is missing or damaged.</exception>
    public MultiCaptionRetrievalTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var frames = FrameColumnView.Find(input.Schema, _framesColumn);
        frames.RequireSize(CheckpointFormats.Require<DualEncoderCheckpoint>(_checkpoint, new(_imageSize)).FrameFormat.Size, $"checkpoint '{_checkpoint}'");
        return MultiCaptionRetrievalTransformer.FromCheckpoint(_environment, _checkpoint, new(_framesColumn, frames.Count, _scoring), _imageSize);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ColumnShapes.Require(inputSchema, _framesColumn, NumberDataViewType.Byte, vector: true);
        return MultiCaptionRetrievalTransformer.AddOutputs(inputSchema);
    }
}
