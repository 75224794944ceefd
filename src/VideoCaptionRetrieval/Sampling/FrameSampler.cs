using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval;

/// <summary>
/// Reads frames of videos: by default one from the middle of each of N equal segments (see <see cref="FrameSelection"/>). Nothing is
/// learned: fitting checks the columns. Thread-safe.
/// </summary>
/// <remarks>
/// Adds, for each <see cref="FrameColumn"/>: NAME (Vector&lt;Byte&gt; [N, S, S, 3]) and NAME.Times (Vector&lt;Double&gt; [N], seconds); and
/// FrameError (Text, empty where the video could be read). Needs ffmpeg and ffprobe.
/// </remarks>
public sealed class FrameSampler : IEstimator<FrameSamplerTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly FrameSamplerOptions _options;

    internal FrameSampler(IHostEnvironment environment, FrameSamplerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, _options) = (environment, options.Copy());
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The column of paths is missing or not Text.</exception>
    public FrameSamplerTransformer Fit(IDataView input) =>
        BatchedTransformer.CheckedOn(input, () => new FrameSamplerTransformer(_environment, _options));

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The column of paths is missing or not Text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ColumnShapes.Require(inputSchema, _options.InputColumnName, TextDataViewType.Instance, vector: false);
        return ColumnShapes.With(inputSchema, new FrameSamplerTransformer(_environment, _options).DescribeOutputs());
    }
}
