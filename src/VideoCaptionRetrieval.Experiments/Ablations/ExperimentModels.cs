using VideoCaptionRetrieval.Experiments.ImageModels;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>The image models of an experiment.</summary>
/// <param name="Clip">The checkpoint that is fine-tuned, and that scores captions.</param>
/// <param name="Captioners">Folders of captioners by name.</param>
internal sealed record ExperimentModels(string Clip, IReadOnlyDictionary<string, string> Captioners)
{
    /// <summary>The small models of a folder: clip, blip, clipcap.</summary>
    internal static ExperimentModels In(string folder) => new(Path.Combine(folder, ImageModelTraining.Clip), new SortedDictionary<string, string>
    {
        [ImageModelTraining.Blip] = Path.Combine(folder, ImageModelTraining.Blip),
        [ImageModelTraining.ClipCap] = Path.Combine(folder, ImageModelTraining.ClipCap),
    });

    /// <summary>Sees that all are there, before long work begins.</summary>
    /// <exception cref="ModelFileException">One is missing or holds something else.</exception>
    internal ExperimentModels Checked()
    {
        CheckpointFormats.Require<ClipCheckpoint>(Clip);
        foreach (var folder in Captioners.Values) CheckpointFormats.Require<CaptionerCheckpoint>(folder);
        return this;
    }

    /// <summary>What the frames of the CLIP and of the captioners look like, each form once.</summary>
    internal IReadOnlyList<FrameFormat> Formats => [.. Captioners.Values
        .Select(folder => CheckpointFormats.Require<CaptionerCheckpoint>(folder).FrameFormat).Prepend(Format(Clip)).Distinct()];

    /// <summary>The frames that a checkpoint takes of a video.</summary>
    /// <param name="checkpoint">The checkpoint that is trained; null = the CLIP.</param>
    /// <param name="count">Frames of a video.</param>
    internal FrameColumn TrainedFrames(string? checkpoint, int count) => new(FrameColumn.DefaultName, Format(checkpoint ?? Clip), count);

    /// <summary>Creates captioners that decode greedily.</summary>
    /// <param name="names">Which; null = all.</param>
    internal IReadOnlyList<Captioner> CreateCaptioners(IReadOnlyList<string>? names) =>
    [
        .. (names ?? [.. Captioners.Keys]).Select(name =>
        {
            var folder = Captioners.GetValueOrDefault(name) ?? throw new ArgumentException(
                $"There is no captioner '{name}'; expected one of '{string.Join("', '", Captioners.Keys)}'.", nameof(names));
            var greedy = CheckpointFormats.Require<CaptionerCheckpoint>(folder).DefaultGeneration;
            greedy.Beams = 1;
            return Captioner.FromFolder(folder, FrameColumn.DefaultName, name, greedy);
        }),
    ];

    private static FrameFormat Format(string checkpoint) => CheckpointFormats.Require<DualEncoderCheckpoint>(checkpoint).FrameFormat;
}
