namespace VideoCaptionRetrieval.Models;

/// <summary>Where ONNX Runtime computes.</summary>
/// <param name="Gpu">The number of a CUDA device; null = the CPU.</param>
/// <param name="FallbackToCpu">Whether the CPU computes where that device cannot be had; else that is an error.</param>
internal readonly record struct InferenceDevice(int? Gpu = null, bool FallbackToCpu = false);
