using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval;

/// <summary>
/// Options of the whole method: sample frames, caption them, keep the best captions by CLIPScore, and fine-tune on them. The pipeline sets the
/// columns and checkpoints of the four stages itself; all other options of a stage are its own.
/// </summary>
public sealed class CaptionTrainingOptions
{
    /// <summary>
    /// The checkpoint that is fine-tuned, a folder or a file: a CLIP in any published format, or a BLIP for retrieval. The pipeline's data needs
    /// the columns VideoId and VideoPath, and Captions where there is no captioner.
    /// </summary>
    public string Checkpoint { get; set; } = "";

    /// <summary>The CLIP checkpoint that scores captions.</summary>
    /// <value>The default value is null: <see cref="Checkpoint"/>, which must then be a CLIP.</value>
    public string? ScoreClip { get; set; }

    /// <summary>Frames of a video, N: as many are captioned, and as many are embedded at inference.</summary>
    /// <value>The default value is 10.</value>
    public int FrameCount { get; set; } = FrameColumn.DefaultCount;

    /// <summary>How frames are sampled; its columns are set by the pipeline.</summary>
    /// <value>By default unreadable videos are left out and listed (<see cref="FrameErrorHandling.Report"/>).</value>
    public FrameSamplerOptions Sampling { get; set; } = new() { OnError = FrameErrorHandling.Report };

    /// <summary>
    /// The captioners, and where their captions are kept. Each captioner gets the column of frames in its form, whatever column it names.
    /// Without captioners the data's own captions are trained on, and nothing is scored.
    /// </summary>
    public ImageCaptionerOptions Captioning { get; set; } = new();

    /// <summary>Which captions are kept; columns and checkpoint are set by the pipeline.</summary>
    /// <value>By default the best two of each captioner, as in the paper.</value>
    public ClipScoreFilterOptions Selection { get; set; } = new();

    /// <summary>How the checkpoint is fine-tuned; the columns of frames and captions are set by the pipeline.</summary>
    public MultiCaptionRetrievalOptions Training { get; set; } = new();

    /// <summary>Ends the work of every stage.</summary>
    /// <value>The default value leaves each stage its own.</value>
    public CancellationToken CancellationToken { get; set; }

    internal bool HasCaptioners => Captioning.Captioners.Count > 0;

    /// <summary>Opens the checkpoint that is fine-tuned; weights are read later.</summary>
    internal DualEncoderCheckpoint OpenCheckpoint() => CheckpointFormats.Require<DualEncoderCheckpoint>(Checkpoint, new(Training.ImageSize));

    /// <summary>Opens the CLIP that scores captions; weights are read later.</summary>
    /// <exception cref="ArgumentException">None is named, and what is fine-tuned is not one.</exception>
    internal ClipCheckpoint OpenScoreClip() => ScoreClip is null && OpenCheckpoint() is not ClipCheckpoint
        ? throw new ArgumentException($"{nameof(ScoreClip)} is null, and checkpoint '{Checkpoint}' is a {OpenCheckpoint().Family}; a CLIPScore needs a "
            + $"CLIP: set {nameof(ScoreClip)} to the CLIP checkpoint that is to score the captions.")
        : CheckpointFormats.Require<ClipCheckpoint>(ScoreClip ?? Checkpoint);

    /// <exception cref="ArgumentException">Options are missing; the message lists all of them.</exception>
    internal void Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(Checkpoint)) faults.Add($"{nameof(Checkpoint)} is empty");
        if (ScoreClip is { Length: 0 }) faults.Add($"{nameof(ScoreClip)} is empty; null means {nameof(Checkpoint)}");
        if (FrameCount < 1) faults.Add($"{nameof(FrameCount)} is '{FrameCount}', expected at least 1");
        if (Sampling is null) faults.Add($"{nameof(Sampling)} is null");
        if (Captioning?.Captioners is null) faults.Add($"{nameof(Captioning)} or its captioners are null");
        if (Selection is null) faults.Add($"{nameof(Selection)} is null");
        if (Training is null) faults.Add($"{nameof(Training)} is null");
        if (faults.Count > 0) throw new ArgumentException($"The pipeline's options are not valid: {string.Join("; ", faults)}.");
    }
}
