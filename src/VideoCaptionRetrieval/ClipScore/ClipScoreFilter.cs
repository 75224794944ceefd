using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.ClipScore;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval;

/// <summary>
/// Scores captions against the frames that they describe, CLIPScore = 2.5·max(cos, 0), and keeps the best ones. Nothing is learned:
/// fitting checks columns and checkpoint. Thread-safe.
/// </summary>
/// <remarks>
/// Adds Captions (Vector&lt;Text&gt; [I·K], best first inside each captioner, slot names captioner/rank; empty where there is none), which
/// hides the column it was made from; Captions.Scores (Vector&lt;Single&gt;, in [0, 2.5]; NaN where there is none) and Captions.Frames
/// (Vector&lt;Int32&gt;, index of the frame; −1 where there is none).
/// Hessel et al., "CLIPScore: A Reference-free Evaluation Metric for Image Captioning", arXiv 2104.08718.
/// </remarks>
public sealed class ClipScoreFilter : IEstimator<ClipScoreFilterTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly ClipScoreFilterOptions _options;

    internal ClipScoreFilter(IHostEnvironment environment, ClipScoreFilterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, _options) = (environment, options.Copy());
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">
    /// A column is missing, has another type, or frames of a size that the checkpoint does not take.
    /// </exception>
    /// <exception cref="Models.ModelFileException">The checkpoint is missing or damaged.</exception>
    public ClipScoreFilterTransformer Fit(IDataView input) => BatchedTransformer.CheckedOn(input,
        () => new ClipScoreFilterTransformer(_environment, _options, CheckpointReference.Describe(_options.CheckpointFolder)));

    /// <inheritdoc />
    /// <exception cref="ArgumentException">A column is missing or has another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ColumnShapes.Require(inputSchema, _options.CaptionsColumnName, TextDataViewType.Instance, vector: true);
        ColumnShapes.Require(inputSchema, _options.FramesColumnName, NumberDataViewType.Byte, vector: true);
        return ColumnShapes.With(inputSchema,
            ClipScoreComputation.DescribeOutputs(_options.CaptionsColumnName, new CaptionSlots([CaptionSlots.Unnamed], 1)));
    }
}
