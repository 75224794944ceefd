namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="FrameSampler"/>.</summary>
public sealed class FrameSamplerOptions
{
    /// <summary>The column of file paths (Text).</summary>
    /// <value>The default value is "VideoPath".</value>
    public string InputColumnName { get; set; } = DefaultInputColumnName;

    /// <summary>The columns of frames to add, at least one; all of them come from one decoding of a video.</summary>
    public IReadOnlyList<FrameColumn> Columns { get; set; } = [];

    /// <summary>The column of names by which errors speak of videos (Text), used where the input has it.</summary>
    /// <value>The default value is "VideoId".</value>
    public string VideoIdColumnName { get; set; } = DefaultVideoIdColumnName;

    /// <summary>The column of the first second of a part of a video (Single, NaN = the beginning), used where the input has it.</summary>
    /// <value>The default value is "ClipStart".</value>
    public string ClipStartColumnName { get; set; } = DefaultClipStartColumnName;

    /// <summary>The column of the last second of a part of a video (Single, NaN = the end), used where the input has it.</summary>
    /// <value>The default value is "ClipEnd".</value>
    public string ClipEndColumnName { get; set; } = DefaultClipEndColumnName;

    /// <summary>What becomes of a video that cannot be read.</summary>
    /// <value>The default value is <see cref="FrameErrorHandling.Throw"/>.</value>
    public FrameErrorHandling OnError { get; set; } = FrameErrorHandling.Throw;

    /// <summary>How many videos are decoded at once, by all cursors of a transformer together.</summary>
    /// <value>The default value is null: the number of processors, at most 8.</value>
    public int? ParallelVideos { get; set; }

    /// <summary>
    /// Memory for frames that one cursor decodes ahead of the row it is at, in bytes; one row is decoded in any case. Not saved with a
    /// model.
    /// </summary>
    /// <value>The default value is 256 MiB.</value>
    public long ReadAheadBytes { get; set; } = DefaultReadAheadBytes;

    /// <summary>Where prepared frames are kept for later epochs, runs and processes. Not saved with a model.</summary>
    /// <value>The default value is null: nowhere.</value>
    public FrameCacheOptions? Cache { get; set; }

    /// <summary>Where ffmpeg is and what it may take. Not saved with a model: a loaded one finds ffmpeg on PATH.</summary>
    public FfmpegOptions Ffmpeg { get; set; } = new();

    /// <summary>Ends the decoding. Not saved with a model.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal const string DefaultInputColumnName = "VideoPath";
    internal const string DefaultVideoIdColumnName = "VideoId";
    internal const string DefaultClipStartColumnName = "ClipStart";
    internal const string DefaultClipEndColumnName = "ClipEnd";
    internal const int MostParallelVideos = 8;
    internal const long DefaultReadAheadBytes = 256L << 20;

    /// <summary>Checks all options at once.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message lists every one.</exception>
    internal void Validate()
    {
        var failures = new List<string>();
        if (Columns.Count == 0)
            failures.Add("there is no frame column; give at least one, such as FrameColumn.For(\"Frames\", \"models/clip\")");
        var names = Columns.SelectMany(column => new[] { column.Name, FrameSamplerTransformer.TimesColumn(column.Name) })
            .Append(FrameSamplerTransformer.ErrorColumn);
        foreach (var twice in names.GroupBy(name => name).Where(group => group.Count() > 1))
            failures.Add($"column '{twice.Key}' would be added twice");
        if (ParallelVideos is < 1) failures.Add($"{nameof(ParallelVideos)} is '{ParallelVideos}', expected at least 1");
        if (ReadAheadBytes < 0) failures.Add($"{nameof(ReadAheadBytes)} is '{ReadAheadBytes}', expected at least 0");
        if (Cache is not null) failures.AddRange(Cache.Faults());
        if (string.IsNullOrEmpty(InputColumnName)) failures.Add($"{nameof(InputColumnName)} is empty");
        if (!Enum.IsDefined(OnError)) failures.Add($"{nameof(OnError)} is '{OnError}'");
        if (failures.Count > 0) throw new ArgumentException($"The frame sampler's options are not valid: {string.Join("; ", failures)}.");
    }

    /// <summary>A copy, so that later changes of the options do not reach a fitted transformer.</summary>
    internal FrameSamplerOptions Copy()
    {
        var copy = (FrameSamplerOptions)MemberwiseClone();
        copy.Columns = [.. Columns];
        return copy;
    }
}
