using VideoCaptionRetrieval.Experiments.ImageModels;
using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Clip;
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
    /// <exception cref="Models.ModelFileException">One is missing or holds something else.</exception>
    internal ExperimentModels Checked()
    {
        ClipCheckpoint.Open(Clip);
        foreach (var folder in Captioners.Values) CaptionerFolder.Open(folder);
        return this;
    }

    /// <summary>The frames that the CLIP takes, then those of each captioner whose form differs; columns by form.</summary>
    internal Dictionary<Models.FrameFormat, FrameColumn> Columns(int count)
    {
        var formats = Captioners.Values.Select(folder => CaptionerFolder.Open(folder).FrameFormat).Prepend(FrameColumn.For("Frames", Clip).Format);
        return FrameColumns.Of(formats, count);
    }

    /// <summary>Captioners for a pipeline.</summary>
    /// <param name="names">Which; null = all.</param>
    /// <param name="columns">Frame columns by form.</param>
    internal Captioner[] Create(IReadOnlyList<string>? names, Dictionary<Models.FrameFormat, FrameColumn> columns) =>
    [
        .. (names ?? [.. Captioners.Keys]).Select(name =>
        {
            var folder = Captioners.GetValueOrDefault(name) ?? throw new ArgumentException(
                $"There is no captioner '{name}'; expected one of '{string.Join("', '", Captioners.Keys)}'.", nameof(names));
            var opened = CaptionerFolder.Open(folder);
            var greedy = opened.DefaultGeneration;
            greedy.Beams = 1;
            return Captioner.FromFolder(folder, columns[opened.FrameFormat].Name, name, greedy);
        }),
    ];
}
