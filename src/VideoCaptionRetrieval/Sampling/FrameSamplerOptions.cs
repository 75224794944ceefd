using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="FrameSampler"/>.</summary>
public sealed class FrameSamplerOptions
{
    /// <summary>The column of file paths (Text).</summary>
    /// <value>The default value is "VideoPath".</value>
    public string InputColumnName { get; set; } = DefaultInputColumnName;

    /// <summary>The columns of frames to add, at least one; a video is decoded once for all of them.</summary>
    public IReadOnlyList<FrameColumn> Columns { get; set; } = [];

    /// <summary>
    /// The column that names videos in errors and results (Text), used where the input has it; else the path is the name, or path#start-end of a
    /// part. Rows of one name are one video.
    /// </summary>
    /// <value>The default value is "VideoId".</value>
    public string VideoIdColumnName { get; set; } = DefaultVideoIdColumnName;

    /// <summary>The column of clip starts (Single, seconds; NaN = the beginning of the video), used where the input has it.</summary>
    /// <value>The default value is "ClipStart".</value>
    public string ClipStartColumnName { get; set; } = DefaultClipStartColumnName;

    /// <summary>The column of clip ends (Single, seconds; NaN = the end of the video), used where the input has it.</summary>
    /// <value>The default value is "ClipEnd".</value>
    public string ClipEndColumnName { get; set; } = DefaultClipEndColumnName;

    /// <summary>Decides what happens to a video that cannot be read.</summary>
    /// <value>The default value is <see cref="FrameErrorHandling.Throw"/>.</value>
    public FrameErrorHandling OnError { get; set; } = FrameErrorHandling.Throw;

    /// <summary>Maximum number of videos that are decoded at once, over all cursors of a transformer.</summary>
    /// <value>The default value is null: the number of processors, at most 8.</value>
    public int? ParallelVideos { get; set; }

    /// <summary>
    /// Memory in bytes for the frames that one cursor decodes ahead of its current row; one row is always decoded. Not saved with a model.
    /// </summary>
    /// <value>The default value is 256 MiB.</value>
    public long ReadAheadBytes { get; set; } = DefaultReadAheadBytes;

    /// <summary>A cache of prepared frames on disk, for later epochs, runs and processes. Not saved with a model.</summary>
    /// <value>The default value is null: no cache.</value>
    public FrameCacheOptions? Cache { get; set; }

    /// <summary>
    /// Location and limits of ffmpeg. Not saved with a model, but for <see cref="FfmpegOptions.PixelAspect"/>: a loaded one finds ffmpeg on PATH.
    /// </summary>
    public FfmpegOptions Ffmpeg { get; set; } = new();

    /// <summary>Cancels the decoding. Not saved with a model.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal const string DefaultInputColumnName = "VideoPath";
    internal const string DefaultVideoIdColumnName = "VideoId";
    internal const string DefaultClipStartColumnName = "ClipStart";
    internal const string DefaultClipEndColumnName = "ClipEnd";

    /// <summary>The most that <see cref="ParallelVideos"/> may be.</summary>
    public const int MaxParallelVideos = 8;
    internal const long DefaultReadAheadBytes = 256L << 20;

    /// <summary>Checks all options at once.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message lists every one.</exception>
    internal void Validate()
    {
        var faults = new OptionFaults();
        faults.Require(Columns.Count > 0, $"there is no frame column; give at least one, such as FrameColumn.For(\"Frames\", \"models/clip\")");
        var names = Columns.SelectMany(column => new[] { column.Name, FrameSamplerTransformer.TimesColumn(column.Name) })
            .Append(FrameSamplerTransformer.ErrorColumn);
        faults.AddRange(names.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => $"column '{same.Key}' would be added twice"));
        faults.Require(ParallelVideos is null or >= 1, $"{nameof(ParallelVideos)} is '{ParallelVideos}', expected at least 1");
        faults.RequireAtLeast(ReadAheadBytes, 0);
        faults.AddRange(Cache?.Faults() ?? []);
        faults.RequireText(InputColumnName);
        faults.RequireDefined(OnError);
        faults.ThrowIfAny("The frame sampler's");
    }

    /// <summary>Copies the options, so that later changes do not reach a fitted transformer.</summary>
    public FrameSamplerOptions Copy()
    {
        var copy = (FrameSamplerOptions)MemberwiseClone();
        copy.Columns = [.. Columns];
        return copy;
    }
}
