namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>One safetensors file.</summary>
/// <exception cref="ModelFileException">The file is missing, cut off or damaged.</exception>
internal sealed class SafetensorsFile(string path) : WeightsFile(path, SafetensorsHeader.Read(path));
