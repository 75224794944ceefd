using System.Globalization;
using VideoCaptionRetrieval.Experiments.Ablations;

namespace VideoCaptionRetrieval.Experiments.ClosedWorld;

/// <summary>A condition of the proof.</summary>
/// <param name="Name">Its name in the results.</param>
/// <param name="Meaning">What it is, for people.</param>
/// <param name="Condition">How it trains.</param>
internal sealed record ClosedWorldCondition(string Name, string Meaning, Condition Condition)
{
    internal const string Frozen = "frozen", Full = "full", Stills = "stills";

    /// <summary>The frozen model, the method.</summary>
    private static readonly IReadOnlyList<ClosedWorldCondition> _first =
    [
        new(Frozen, "the CLIP as it comes", new() { Captions = CaptionOrigin.Nothing }),
        new(Full, "fine-tuned on captions of unlabelled videos: the method", new()),
    ];

    /// <summary>Controls, upper bound, parts of the method.</summary>
    private static readonly IReadOnlyList<ClosedWorldCondition> _others =
    [
        new(Stills, "fine-tuned on the captioners' own still images, no video", new() { Captions = CaptionOrigin.Stills, Steps = 780 }),
        new("shuffled", "each video with the captions of another one", new() { Captions = CaptionOrigin.Shuffled }),
        new("oracle", "fine-tuned on true sentences about the training videos: the upper bound", new() { Captions = CaptionOrigin.Truth }),
        new("blip-only", "captions of BLIP alone", new() { Captioners = ["blip"] }),
        new("clipcap-only", "captions of ClipCap alone", new() { Captioners = ["clipcap"] }),
        new("random-captions", "captions drawn at random instead of by CLIPScore", new() { Selection = CaptionSelectionRule.Random }),
        new("one-caption", "one random caption in each step instead of all", new() { Use = CaptionUse.RandomOne }),
        new("tau-0.1", "τ = 0.1 in training and test, as in the paper, instead of the fitted one", new() { Temperature = 0.1 }),
        new("masked-captions", "videos with an equal caption are no negatives of each other", new() { FalseNegatives = FalseNegatives.MaskSameFileAndCaption }),
        new("mean-training", "mean pooling in training too", new() { Pooling = FramePooling.Mean }),
    ];

    private static readonly int[] _videos = [75, 150, 300, 600];

    /// <summary>The conditions of a run, the frozen model first.</summary>
    /// <param name="all">Whether controls and the curve belong to it.</param>
    /// <param name="trainVideos">All training videos.</param>
    internal static IReadOnlyList<ClosedWorldCondition> List(bool all, int trainVideos) => all ? [.. _first, .. _others, .. Curve(trainVideos)] : _first;

    /// <summary>How many unlabelled videos the method was given, where that is all that the condition varies; else null.</summary>
    /// <param name="trainVideos">All training videos.</param>
    internal int? Videos(int trainVideos) =>
        Name == Frozen ? 0 : Condition == new Condition { Videos = Condition.Videos } ? Condition.Videos ?? trainVideos : null;

    /// <summary>The method on fewer videos, in as many steps.</summary>
    private static IEnumerable<ClosedWorldCondition> Curve(int trainVideos) => _videos.Where(count => count < trainVideos).Select(count => new ClosedWorldCondition(
        string.Create(CultureInfo.InvariantCulture, $"full-{count}"), string.Create(CultureInfo.InvariantCulture, $"the method on {count} videos"),
        new() { Videos = count }));
}

/// <summary>A condition under one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Condition">The condition.</param>
/// <param name="Result">Its scores.</param>
internal sealed record ClosedWorldOutcome(int Seed, ClosedWorldCondition Condition, ConditionResult Result);
