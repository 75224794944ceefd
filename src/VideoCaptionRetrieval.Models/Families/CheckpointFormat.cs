using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Families;

/// <summary>Overrides for opening a checkpoint.</summary>
/// <param name="ImageSize">Width and height of images in pixels, for which positions are interpolated; null = the checkpoint's.</param>
/// <param name="Clip">Path of the CLIP that a captioner was trained on; null = in the captioner's folder.</param>
public sealed record CheckpointOptions(int? ImageSize = null, string? Clip = null);

/// <summary>A family of checkpoints: how its files are recognised and opened.</summary>
/// <param name="Family">Name of the family, for messages.</param>
/// <param name="Kind">The type that opening returns: a <see cref="DualEncoderCheckpoint"/> or a <see cref="CaptionerCheckpoint"/>.</param>
/// <param name="Matches">
/// Whether a folder or file holds such a checkpoint. Throws <see cref="ModelFileException"/> where a file that decides is damaged.
/// </param>
/// <param name="Open">Opens it.</param>
internal sealed record CheckpointFormat(string Family, Type Kind, Func<string, bool> Matches, Func<string, CheckpointOptions, Checkpoint> Open)
{
    /// <summary>Reads the image preprocessing of a folder that may lack other parts of a checkpoint.</summary>
    internal Func<string, ImagePreprocessing> ReadPreprocessing { get; init; } = path => Open(path, new()).Preprocessing;

    /// <summary>Whether a folder holds a text side that <see cref="DualEncoderCheckpoint.ExtractText"/> of this family wrote.</summary>
    internal Func<string, bool>? MatchesText { get; init; }

    /// <summary>Opens that text side. The caller owns and disposes it.</summary>
    internal Func<string, InferenceOptions?, ITextEncoder>? OpenText { get; init; }
}
