namespace VideoCaptionRetrieval.Experiments;

/// <summary>Options of <see cref="ShapeWorld"/>. Equal options make equal pixels and sentences; a longer set begins with the shorter one.</summary>
public sealed record ShapeWorldOptions
{
    /// <summary>Default of <see cref="Gap"/>.</summary>
    public const double DefaultGap = 0.5;

    /// <summary>Seed of all that is drawn at random.</summary>
    /// <value>The default value is 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// How far videos are from still images, at least 0: clutter that drifts, blur, noise, colour casts, duller paint, shading, turning
    /// objects. At 0 they differ by motion, missing dark edges and compression alone.
    /// </summary>
    /// <value>The default value is 0.5.</value>
    public double Gap { get; init; } = DefaultGap;

    /// <summary>Width and height of videos in pixels: a multiple of 96.</summary>
    /// <value>
    /// The default value is 96. Video files store colour at half the size of brightness, so that these keep a colour for every pixel of the
    /// small networks, which see 48.
    /// </value>
    public int VideoSize { get; init; } = 96;

    /// <summary>Frames of a scene, at least 2.</summary>
    /// <value>The default value is 20.</value>
    public int FramesPerScene { get; init; } = 20;

    /// <summary>Frames of a second, at least 1.</summary>
    /// <value>The default value is 5: a scene then takes 4 seconds.</value>
    public int FrameRate { get; init; } = 5;

    /// <summary>Scenes of a video, one after the other; the sentences of a video of several are about one of them each.</summary>
    /// <value>The default value is 1.</value>
    public int ScenesPerVideo { get; init; } = 1;

    /// <summary>Sentences about each scene, worded anew.</summary>
    /// <value>The default value is 1.</value>
    public int SentencesPerScene { get; init; } = 1;

    /// <exception cref="ArgumentException">Lists every value that is out of range.</exception>
    internal void Validate()
    {
        var faults = new List<string>();
        if (!(Gap >= 0) || !double.IsFinite(Gap)) faults.Add(Invariant($"{nameof(Gap)} is '{Gap}', expected a number of at least 0"));
        if (VideoSize < 96 || VideoSize % 96 != 0) faults.Add($"{nameof(VideoSize)} is '{VideoSize}', expected a multiple of 96");
        if (FramesPerScene < 2) faults.Add($"{nameof(FramesPerScene)} is '{FramesPerScene}', expected at least 2");
        if (FrameRate < 1) faults.Add($"{nameof(FrameRate)} is '{FrameRate}', expected at least 1");
        if (ScenesPerVideo < 1) faults.Add($"{nameof(ScenesPerVideo)} is '{ScenesPerVideo}', expected at least 1");
        if (SentencesPerScene < 1) faults.Add($"{nameof(SentencesPerScene)} is '{SentencesPerScene}', expected at least 1");
        if (faults.Count > 0) throw new ArgumentException($"The options of the world are not valid: {string.Join("; ", faults)}.");
    }
}
