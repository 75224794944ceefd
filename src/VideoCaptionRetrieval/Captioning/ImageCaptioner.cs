using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval;

/// <summary>
/// Captions the frames of videos with one or several captioners. Nothing is learned: fitting checks columns and checkpoints.
/// Thread-safe.
/// </summary>
/// <remarks>
/// Adds Captions (Vector&lt;Text&gt; [I·M] for I captioners and M frames, captioner-major; slot names captioner/frame). Rows with a
/// FrameError have empty captions.
/// </remarks>
public sealed class ImageCaptioner : IEstimator<ImageCaptionerTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly ImageCaptionerOptions _options;

    internal ImageCaptioner(IHostEnvironment environment, ImageCaptionerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, _options) = (environment, options.Copy());
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">
    /// A column of frames is missing, or its frames have another size than the captioner takes.
    /// </exception>
    /// <exception cref="Models.ModelFileException">A checkpoint is missing.</exception>
    /// <exception cref="InvalidDataException">The store holds a broken line.</exception>
    public ImageCaptionerTransformer Fit(IDataView input)
    {
        var transformer = BatchedTransformer.CheckedOn(input, () => new ImageCaptionerTransformer(_environment, _options));
        transformer.Store?.Prepare();
        return transformer;
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">A column of frames is missing or has another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        foreach (var captioner in _options.Captioners)
            ColumnShapes.Require(inputSchema, captioner.FramesColumnName, NumberDataViewType.Byte, vector: true);
        return ColumnShapes.With(inputSchema,
            [CaptioningComputation.DescribeOutput(_options.OutputColumnName, new CaptionSlots([CaptionSlots.Unnamed], 1))]);
    }
}
