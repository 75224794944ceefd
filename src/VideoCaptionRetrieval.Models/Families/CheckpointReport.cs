using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Families;

/// <summary>The content of a checkpoint, and how it differs from what the configuration asks for.</summary>
/// <param name="Path">The checkpoint's path, as the caller gave it.</param>
/// <param name="Model">The kind of network.</param>
/// <param name="Format">The layout in which it is published.</param>
/// <param name="Facts">Sizes and settings, in reading order.</param>
/// <param name="Files">Paths relative to the checkpoint's folder, with sizes in bytes.</param>
/// <param name="Tensors">Number of tensors; null for graphs, whose tensors have other names.</param>
/// <param name="Elements">Number of weights by element type, the most frequent first.</param>
/// <param name="Missing">Tensors that the network needs and the files lack.</param>
/// <param name="Unexpected">Tensors that the files have and the network does not know.</param>
/// <param name="Wrong">A clause about each tensor whose shape or type differs from the network's.</param>
public sealed record CheckpointReport(
    string Path, string Model, string Format,
    IReadOnlyList<KeyValuePair<string, object>> Facts,
    IReadOnlyList<KeyValuePair<string, long>> Files,
    int? Tensors,
    IReadOnlyList<KeyValuePair<string, long>> Elements,
    IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<string> Wrong)
{
    /// <summary>What the checkpoint can be used for: 'embed-text', 'embed-image', 'train', 'caption', 'match'.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Length D of an embedding; null for a captioner.</summary>
    public int? Embedding { get; init; }

    /// <summary>Width and height in pixels of the images that the network takes; null where a captioner's CLIP, which tells it, is not there.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Where the image settings come from; null where <see cref="ImageSize"/> is.</summary>
    public PreprocessingSource? ImageSettings { get; init; }

    /// <summary>Whether nothing is missing, left over or wrong.</summary>
    public bool IsComplete => Missing.Count + Unexpected.Count + Wrong.Count == 0;

    /// <summary>Lists files relative to a folder with their sizes in bytes, in ordinal order.</summary>
    internal static IReadOnlyList<KeyValuePair<string, long>> Sizes(string folder, IEnumerable<string> files) =>
        [.. files.Select(file => KeyValuePair.Create(System.IO.Path.GetRelativePath(folder, file).Replace('\\', '/'), LinkTarget.Length(file)))
            .OrderBy(file => file.Key, StringComparer.Ordinal)];

    /// <summary>Counts the weights of each element type, the most frequent first; types have their names of safetensors files.</summary>
    internal static IReadOnlyList<KeyValuePair<string, long>> CountByType(WeightsFile weights) =>
        [.. weights.Entries.Values.GroupBy(entry => SafetensorsType.NameOf(entry.Type))
            .Select(type => KeyValuePair.Create(type.Key, type.Sum(entry => entry.Count)))
            .OrderByDescending(type => type.Value)];
}
