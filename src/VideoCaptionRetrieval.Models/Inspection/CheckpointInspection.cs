using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Inspection;

/// <summary>Describes checkpoints of every kind and format that this library reads; reads tables and configurations, no weights.</summary>
internal static class CheckpointInspection
{
    /// <summary>Describes a checkpoint. What is missing among its tensors is in the report, not an error.</summary>
    /// <param name="path">A folder, or a PyTorch file.</param>
    /// <exception cref="ModelFileException">It is no checkpoint, or a file is damaged.</exception>
    internal static CheckpointReport Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (BlipCheckpoint.IsRetrieval(path)) return BlipInspection.Of(path, BlipTask.Retrieval);
        return CaptionerFolder.TryOpen(path)?.Kind switch
        {
            CaptionerModelKind.Blip => BlipInspection.Of(path, BlipTask.Captioning),
            CaptionerModelKind.ClipCap => ClipCapInspection.Of(path),
            CaptionerModelKind.EncoderDecoder => throw new ModelFileException(path,
                "it is a vision-encoder-decoder, exported to ONNX: graphs name no tensors. 'vcr caption' runs it."),
            _ => ClipInspection.Of(path),
        };
    }

    /// <summary>The files below a folder with their sizes, in ordinal order.</summary>
    internal static IReadOnlyList<KeyValuePair<string, long>> Sizes(string folder, IEnumerable<string> files) =>
        [.. files.Select(file => KeyValuePair.Create(Path.GetRelativePath(folder, file).Replace('\\', '/'), RealFile.Length(file)))
            .OrderBy(file => file.Key, StringComparer.Ordinal)];

    /// <summary>The number of elements of each type, most first; types by their names in safetensors files.</summary>
    internal static IReadOnlyList<KeyValuePair<string, long>> Elements(WeightsFile weights) =>
        [.. weights.Entries.Values.GroupBy(entry => SafetensorsType.NameOf(entry.Type))
            .Select(type => KeyValuePair.Create(type.Key, type.Sum(entry => entry.Count)))
            .OrderByDescending(type => type.Value)];
}
