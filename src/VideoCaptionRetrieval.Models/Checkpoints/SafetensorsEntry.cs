using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Where one tensor lies in a safetensors file.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Shape; empty for a scalar.</param>
/// <param name="Offset">Absolute offset in the file, in bytes.</param>
/// <param name="Length">Length in bytes.</param>
internal readonly record struct SafetensorsEntry(ScalarType Type, long[] Shape, long Offset, long Length);
