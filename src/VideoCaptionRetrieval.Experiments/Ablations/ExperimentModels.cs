using VideoCaptionRetrieval.Experiments.ImageModels;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Sampling;

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

    /// <summary>
    /// The frames that the CLIP takes, then those of each captioner, and of the checkpoint that is trained, whose form differs; columns by form.
    /// </summary>
    /// <param name="count">Frames of a video.</param>
    /// <param name="checkpoint">What is trained; null = the CLIP.</param>
    internal Dictionary<FrameFormat, FrameColumn> Columns(int count, string? checkpoint = null)
    {
        var formats = Captioners.Values.Select(folder => CheckpointFormats.Require<CaptionerCheckpoint>(folder).FrameFormat).Prepend(Format(Clip)).Append(Format(checkpoint ?? Clip));
        return FrameColumns.Create(formats, count);
    }

    /// <summary>The one of these columns that the checkpoint which is trained takes.</summary>
    /// <param name="checkpoint">The checkpoint; null = the CLIP.</param>
    /// <param name="count">Frames of a video.</param>
    internal FrameColumn TrainedFrames(string? checkpoint, int count) => Columns(count, checkpoint)[Format(checkpoint ?? Clip)];

    private static FrameFormat Format(string checkpoint) => CheckpointFormats.Require<DualEncoderCheckpoint>(checkpoint).FrameFormat;

    /// <summary>Captioners for a pipeline.</summary>
    /// <param name="names">Which; null = all.</param>
    /// <param name="columns">Frame columns by form.</param>
    internal Captioner[] Create(IReadOnlyList<string>? names, Dictionary<FrameFormat, FrameColumn> columns) =>
    [
        .. (names ?? [.. Captioners.Keys]).Select(name =>
        {
            var folder = Captioners.GetValueOrDefault(name) ?? throw new ArgumentException(
                $"There is no captioner '{name}'; expected one of '{string.Join("', '", Captioners.Keys)}'.", nameof(names));
            var opened = CheckpointFormats.Require<CaptionerCheckpoint>(folder);
            var greedy = opened.DefaultGeneration;
            greedy.Beams = 1;
            return Captioner.FromFolder(folder, columns[opened.FrameFormat].Name, name, greedy);
        }),
    ];
}
