using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Families;

/// <summary>How a checkpoint is to be opened, where its own files are not to decide.</summary>
/// <param name="ImageSize">Width and height of images in pixels, for which positions are interpolated; null = the checkpoint's.</param>
/// <param name="Clip">The CLIP that a captioner was trained on, where it lies elsewhere.</param>
internal sealed record CheckpointOptions(int? ImageSize = null, string? Clip = null);

/// <summary>One family of checkpoints: how its files are recognised and opened. Adding one to the list of formats makes it known everywhere.</summary>
/// <param name="Family">The family, for messages.</param>
/// <param name="Kind">What opening gives: a <see cref="DualEncoderCheckpoint"/> or a <see cref="CaptionerCheckpoint"/>.</param>
/// <param name="Matches">
/// Whether a path, a folder or a file, holds one. Throws <see cref="ModelFileException"/> where a file that would tell is damaged.
/// </param>
/// <param name="Open">Opens it.</param>
internal sealed record CheckpointFormat(string Family, Type Kind, Func<string, bool> Matches, Func<string, CheckpointOptions, Checkpoint> Open)
{
    /// <summary>Reads the image preprocessing of a folder that may lack other parts of a checkpoint.</summary>
    internal Func<string, ImagePreprocessing> ReadPreprocessing { get; init; } = path => Open(path, new()).Preprocessing;

    /// <summary>Whether a folder holds a text side that <see cref="DualEncoderCheckpoint.ExtractText"/> of this family wrote.</summary>
    internal Func<string, bool>? MatchesText { get; init; }

    /// <summary>Opens such a text side. The caller owns and disposes it.</summary>
    internal Func<string, InferenceOptions?, ITextEncoder>? OpenText { get; init; }
}
