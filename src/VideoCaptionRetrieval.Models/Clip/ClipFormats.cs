using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>The checkpoint family of CLIP, in any published layout.</summary>
internal static class ClipFormats
{
    internal const string Family = "CLIP";

    internal static CheckpointFormat Clip { get; } = new(Family, typeof(ClipCheckpoint),
        path => ClipLayout.TryDetect(path) is not null, (path, options) => ClipCheckpoint.Open(path, options.ImageSize))
    {
        ReadPreprocessing = ReadPreprocessing,
        OpenText = ClipTextEncoder.Load,
    };

    /// <summary>Reads preprocessor_config.json or config.json of a folder in Hugging Face layout, whatever else is missing there.</summary>
    private static ImagePreprocessing ReadPreprocessing(string path) =>
        ClipLayout.TryDetect(path) is null or { Format: ClipFormat.HuggingFace, IsFile: false }
            ? PreprocessorConfig.Read(path)
            : ClipCheckpoint.Open(path).Preprocessing;
}
