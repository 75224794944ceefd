using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Reading;

[assembly: SavedModel<VideoCaptionRetrieval.FrameSamplerTransformer>(
    "Reads frames of videos", "Frame sampler", VideoCaptionRetrieval.FrameSamplerTransformer.LoaderName)]

namespace VideoCaptionRetrieval;

/// <summary>
/// Reads frames of videos; see <see cref="FrameSampler"/> for the columns. A saved model holds all options but those of ffmpeg.
/// </summary>
/// <remarks>The first value that is asked for decodes a video, once for all columns that have a getter by then.</remarks>
public sealed class FrameSamplerTransformer : BatchedTransformer, ISavedModel<FrameSamplerTransformer>
{
    internal const string LoaderName = "VcrFrameSampler";

    /// <summary>Name of the column that says why a video could not be read; empty where it could.</summary>
    public const string ErrorColumn = "FrameError";
    private static readonly ModelFormat SavedAs = new("VCRSAMPL", LoaderName, Version: 2) { FirstSignature = "VCRFRAME" };
    private readonly FrameSamplerOptions _options;
    private readonly Lazy<VideoFrameReader> _reader;

    internal FrameSamplerTransformer(IHostEnvironment environment, FrameSamplerOptions options, ReadFrames? read = null) : base(environment)
    {
        _options = options;
        _reader = new(() => new VideoFrameReader(options.Ffmpeg, LogWarning, options.Cache));
        Read = read ?? ((clip, requests, cancellationToken) => _reader.Value.Read(clip, requests, cancellationToken));
        ParallelVideos = options.ParallelVideos ?? Math.Clamp(System.Environment.ProcessorCount, 1, FrameSamplerOptions.MaxParallelVideos);
        DecodeSlots = new(ParallelVideos);
    }

    internal delegate SampledFrames ReadFrames(VideoClip clip, IReadOnlyList<FrameRequest> requests, CancellationToken cancellationToken);

    /// <summary>The columns of frames.</summary>
    public IReadOnlyList<FrameColumn> Columns => _options.Columns;

    /// <summary>What happens to a video that cannot be read.</summary>
    public FrameErrorHandling OnError => _options.OnError;

    static ModelFormat ISavedModel<FrameSamplerTransformer>.Format => SavedAs;

    internal FrameSamplerOptions Options => _options;

    internal ReadFrames Read { get; }

    /// <summary>Maximum number of videos that are decoded at once.</summary>
    internal int ParallelVideos { get; }

    /// <summary>Counts the videos that may still be decoded now; shared by all cursors.</summary>
    internal SemaphoreSlim DecodeSlots { get; }

    internal override bool SplitsSource => true;

    private protected override ModelFormat SavedFormat => SavedAs;

    /// <summary>Returns the name of the column of times that belongs to a column of frames.</summary>
    public static string TimesColumn(string frames) => frames + ".Times";

    static FrameSamplerTransformer ISavedModel<FrameSamplerTransformer>.Load(IHostEnvironment environment, ModelReader reader) =>
        new(environment, FrameSamplerSettings.Read(reader).ToOptions());

    internal override IReadOnlyList<BatchComputation> Bind(DataViewSchema input) => [new FrameSamplerComputation(this, ClipColumns, input)];

    /// <summary>Describes the columns to add: frames and times of each frame column, then FrameError.</summary>
    internal IReadOnlyList<DataViewSchema.DetachedColumn> DescribeOutputs() =>
    [
        .. _options.Columns.SelectMany(column => new DataViewSchema.DetachedColumn[]
        {
            new(column.Name, FrameColumnView.Type(column.Count, column.Format.Size), Annotate(column)),
            new(TimesColumn(column.Name), new VectorDataViewType(NumberDataViewType.Double, column.Count)),
        }),
        new(ErrorColumn, TextDataViewType.Instance),
    ];

    private protected override void Save(ModelWriter writer) => FrameSamplerSettings.From(_options).Write(writer);

    private ClipColumns ClipColumns =>
        new(_options.InputColumnName, _options.VideoIdColumnName, _options.ClipStartColumnName, _options.ClipEndColumnName);

    private DataViewSchema.Annotations Annotate(FrameColumn column) =>
        new FrameSourceAnnotation(new VideoFrameSource(Read, column) { Pixels = _options.Ffmpeg.PixelAspect }, ClipColumns, column.Count, OnError).ToAnnotations();
}
