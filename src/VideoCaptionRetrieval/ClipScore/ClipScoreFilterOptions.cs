using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.ClipScore;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="ClipScoreFilter"/>.</summary>
public sealed class ClipScoreFilterOptions
{
    /// <summary>The column of captions (Vector&lt;Text&gt; [I·M], captioner-major); the kept ones take its name.</summary>
    /// <value>The default value is "Captions".</value>
    public string CaptionsColumnName { get; set; } = DefaultCaptionsColumnName;

    /// <summary>The column of the captioned frames (Vector&lt;Byte&gt; [M, S, S, 3]) in the checkpoint's form.</summary>
    /// <value>The default value is "Frames".</value>
    public string FramesColumnName { get; set; } = FrameColumn.DefaultName;

    /// <summary>The CLIP checkpoint's folder.</summary>
    public string CheckpointFolder { get; set; } = "";

    /// <summary>Which captions are kept.</summary>
    /// <value>The default value is <see cref="CaptionSelectionRule.TopPerCaptioner"/>.</value>
    public CaptionSelectionRule Selection { get; set; } = CaptionSelectionRule.TopPerCaptioner;

    /// <summary>K of <see cref="CaptionSelectionRule.TopPerCaptioner"/> and <see cref="CaptionSelectionRule.Random"/>.</summary>
    /// <value>The default value is 2, as in the paper.</value>
    public int KeepPerCaptioner { get; set; } = DefaultKeepPerCaptioner;

    /// <summary>K of <see cref="CaptionSelectionRule.TopJoint"/>.</summary>
    /// <value>The default value is 4: as many as two captioners give by the default rule.</value>
    public int KeepJoint { get; set; } = DefaultKeepJoint;

    /// <summary>Seed of <see cref="CaptionSelectionRule.Random"/>: the same captions and seed give the same draw.</summary>
    /// <value>The default value is 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>Captions with a lower CLIPScore are never kept.</summary>
    /// <value>The default value is null: no limit.</value>
    public double? MinimumScore { get; set; }

    /// <summary>Whether captions of a video that differ in case and white space alone are kept once.</summary>
    /// <value>The default value is false.</value>
    public bool RemoveDuplicates { get; set; }

    /// <summary>What is put before a caption when it is scored, such as "A photo depicts " (the CLIPScore paper's).</summary>
    /// <value>The default value is the empty text.</value>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// τ of the weights softmax(CLIPScore / τ) inside each video, for the paper's ablation; above 0. The trainer computes the same weights of
    /// the scores where it is told to weight captions.
    /// </summary>
    /// <value>The default value is 0.1, as in the paper.</value>
    public double WeightTemperature { get; set; } = DefaultWeightTemperature;

    /// <summary>About how many frames are embedded by one call of the network; at least one video's frames are.</summary>
    /// <value>The default value is 32.</value>
    public int ImagesPerBatch { get; set; } = DefaultImagesPerBatch;

    /// <summary>How embeddings are computed: threads, graph optimisation, precision. Not saved with a model.</summary>
    /// <value>The default value computes in float32 with all cores.</value>
    public InferenceOptions Inference { get; set; } = new();

    /// <summary>Is told how far the work is, on the thread that does it. Not saved with a model.</summary>
    public IProgress<ClipScoreProgress>? Progress { get; set; }

    /// <summary>Ends the work. Not saved with a model.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal const string DefaultCaptionsColumnName = "Captions";
    internal const int DefaultKeepPerCaptioner = 2;
    internal const int DefaultKeepJoint = 4;
    internal const int DefaultImagesPerBatch = 32;
    internal const double DefaultWeightTemperature = 0.1;

    internal ClipScoreFilterOptions Copy() => (ClipScoreFilterOptions)MemberwiseClone();

    /// <summary>Checks all options at once.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message lists every one.</exception>
    internal void Validate()
    {
        var failures = new List<string>();
        if (string.IsNullOrEmpty(CaptionsColumnName)) failures.Add($"{nameof(CaptionsColumnName)} is empty");
        if (string.IsNullOrEmpty(FramesColumnName)) failures.Add($"{nameof(FramesColumnName)} is empty");
        if (string.IsNullOrEmpty(CheckpointFolder)) failures.Add($"{nameof(CheckpointFolder)} is empty");
        if (!Enum.IsDefined(Selection)) failures.Add($"{nameof(Selection)} is '{Selection}'");
        if (KeepPerCaptioner < 1) failures.Add($"{nameof(KeepPerCaptioner)} is '{KeepPerCaptioner}', expected at least 1");
        if (KeepJoint < 1) failures.Add($"{nameof(KeepJoint)} is '{KeepJoint}', expected at least 1");
        if (MinimumScore is double.NaN) failures.Add($"{nameof(MinimumScore)} is NaN");
        if (!(WeightTemperature > 0) || double.IsInfinity(WeightTemperature))
            failures.Add($"{nameof(WeightTemperature)} is '{WeightTemperature}', expected a number above 0");
        if (Prefix is null) failures.Add($"{nameof(Prefix)} is null");
        if (ImagesPerBatch < 1) failures.Add($"{nameof(ImagesPerBatch)} is '{ImagesPerBatch}', expected at least 1");
        if (Inference is null) failures.Add($"{nameof(Inference)} is null");
        else failures.AddRange(Inference.Faults());
        if (failures.Count > 0)
            throw new ArgumentException($"The CLIPScore filter's options are not valid: {string.Join("; ", failures)}.");
    }

    /// <summary>Chooses by these options.</summary>
    internal IReadOnlyList<ScoredCaption> Select(IReadOnlyCollection<ScoredCaption> captions)
    {
        var selection = new CaptionSelection(MinimumScore, RemoveDuplicates);
        return Selection switch
        {
            CaptionSelectionRule.TopJoint => selection.TopJoint(captions, KeepJoint),
            CaptionSelectionRule.MiddleFrame => selection.MiddleFrame(captions),
            CaptionSelectionRule.Random => selection.RandomPerCaptioner(captions, KeepPerCaptioner, Seed),
            CaptionSelectionRule.TopPerCaptioner => selection.TopPerCaptioner(captions, KeepPerCaptioner),
            _ => throw new InvalidOperationException($"The selection rule '{Selection}' is not known."),
        };
    }
}

/// <summary>How far a <see cref="ClipScoreFilter"/> is.</summary>
/// <param name="Videos">Videos done by all cursors of the transformer.</param>
/// <param name="Captions">Captions scored.</param>
public sealed record ClipScoreProgress(long Videos, long Captions);
