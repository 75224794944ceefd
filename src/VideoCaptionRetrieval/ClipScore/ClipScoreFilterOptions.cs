using VideoCaptionRetrieval.ClipScore;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="ClipScoreFilter"/>.</summary>
public sealed class ClipScoreFilterOptions
{
    /// <summary>The column of captions (Vector&lt;Text&gt; [I·M], captioner-major); the column of the kept ones hides it.</summary>
    /// <value>The default value is "Captions".</value>
    public string CaptionsColumnName { get; set; } = DefaultCaptionsColumnName;

    /// <summary>The column of the captioned frames (Vector&lt;Byte&gt; [M, S, S, 3]) in the checkpoint's frame format.</summary>
    /// <value>The default value is "Frames".</value>
    public string FramesColumnName { get; set; } = FrameColumn.DefaultName;

    /// <summary>The folder, or the file of weights, of the CLIP checkpoint that scores.</summary>
    public string CheckpointFolder { get; set; } = "";

    /// <summary>Which captions are kept.</summary>
    /// <value>The default value is <see cref="CaptionSelectionRule.TopPerCaptioner"/>.</value>
    public CaptionSelectionRule Selection { get; set; } = CaptionSelectionRule.TopPerCaptioner;

    /// <summary>K of <see cref="CaptionSelectionRule.TopPerCaptioner"/> and <see cref="CaptionSelectionRule.Random"/>.</summary>
    /// <value>The default value is 2, as in the paper.</value>
    public int KeepPerCaptioner { get; set; } = DefaultKeepPerCaptioner;

    /// <summary>K of <see cref="CaptionSelectionRule.TopOverall"/>.</summary>
    /// <value>The default value is 4: as many as the default rule keeps of two captioners.</value>
    public int KeepOverall { get; set; } = DefaultKeepOverall;

    /// <summary>Seed of <see cref="CaptionSelectionRule.Random"/>: the same captions and seed give the same draw.</summary>
    /// <value>The default value is 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>Drops captions with a lower CLIPScore.</summary>
    /// <value>The default value is null: no limit.</value>
    public double? MinimumScore { get; set; }

    /// <summary>Keeps one of the captions of a video that differ in case and white space alone.</summary>
    /// <value>The default value is false.</value>
    public bool RemoveDuplicates { get; set; }

    /// <summary>Text before each caption when it is scored, such as "A photo depicts " (the CLIPScore paper's).</summary>
    /// <value>The default value is the empty text.</value>
    public string Prefix { get; set; } = "";

    /// <summary>Target number of frames that one call of the network embeds; a call takes all frames of at least one video.</summary>
    /// <value>The default value is 32.</value>
    public int ImagesPerBatch { get; set; } = DefaultImagesPerBatch;

    /// <summary>How embeddings are computed: threads, graph optimisation, precision. Not saved with a model.</summary>
    /// <value>The default value computes in float32 with all cores.</value>
    public InferenceOptions Inference { get; set; } = new();

    /// <summary>Receives progress on the thread that computes. Not saved with a model.</summary>
    public IProgress<ClipScoreProgress>? Progress { get; set; }

    /// <summary>Cancels the work. Not saved with a model.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal const string DefaultCaptionsColumnName = "Captions";

    /// <summary>Default of <see cref="KeepPerCaptioner"/> (the paper).</summary>
    public const int DefaultKeepPerCaptioner = 2;
    internal const int DefaultKeepOverall = 4;
    internal const int DefaultImagesPerBatch = 32;

    /// <summary>Copies the options; later changes to the original have no effect on the copy.</summary>
    public ClipScoreFilterOptions Copy() => (ClipScoreFilterOptions)MemberwiseClone();

    /// <summary>Checks all options at once.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message lists every one.</exception>
    internal void Validate()
    {
        var faults = new OptionFaults();
        faults.RequireText(CaptionsColumnName);
        faults.RequireText(FramesColumnName);
        faults.RequireText(CheckpointFolder);
        faults.RequireDefined(Selection);
        faults.RequireAtLeast(KeepPerCaptioner, 1);
        faults.RequireAtLeast(KeepOverall, 1);
        faults.Require(MinimumScore is not double.NaN, $"{nameof(MinimumScore)} is NaN");
        faults.Require(Prefix is not null, $"{nameof(Prefix)} is null");
        faults.RequireAtLeast(ImagesPerBatch, 1);
        faults.Require(Inference is not null, $"{nameof(Inference)} is null");
        faults.AddRange(Inference?.Faults() ?? []);
        faults.ThrowIfAny("The CLIPScore filter's");
    }

    /// <summary>Selects among the scored captions of one video.</summary>
    internal IReadOnlyList<ScoredCaption> Select(IReadOnlyCollection<ScoredCaption> captions)
    {
        var selection = new CaptionSelection(MinimumScore, RemoveDuplicates);
        return Selection switch
        {
            CaptionSelectionRule.TopOverall => selection.TopOverall(captions, KeepOverall),
            CaptionSelectionRule.MiddleFrame => selection.MiddleFrame(captions),
            CaptionSelectionRule.Random => selection.RandomPerCaptioner(captions, KeepPerCaptioner, Seed),
            CaptionSelectionRule.TopPerCaptioner => selection.TopPerCaptioner(captions, KeepPerCaptioner),
            _ => throw new InvalidOperationException($"The selection rule '{Selection}' is not known."),
        };
    }
}

/// <summary>Progress of a <see cref="ClipScoreFilter"/>.</summary>
/// <param name="Videos">Videos scored by all cursors of the transformer.</param>
/// <param name="Captions">Captions scored.</param>
public sealed record ClipScoreProgress(long Videos, long Captions);
