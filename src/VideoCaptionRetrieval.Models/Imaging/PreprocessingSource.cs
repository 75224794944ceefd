namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>Where the settings of an image preprocessing come from.</summary>
/// <param name="File">Name of the file that states them; null where there is none.</param>
/// <param name="Defaults">Settings that it does not state, for which a default stands in: by the keys of such files.</param>
public sealed record PreprocessingSource(string? File, IReadOnlyList<string> Defaults);
