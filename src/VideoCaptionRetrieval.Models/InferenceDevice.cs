namespace VideoCaptionRetrieval.Models;

/// <summary>The device that a network runs on.</summary>
/// <param name="Gpu">The number of a CUDA device; null = the CPU.</param>
/// <param name="FallbackToCpu">Whether to compute on the CPU where that device is not available; else that is an error.</param>
public readonly record struct InferenceDevice(int? Gpu = null, bool FallbackToCpu = false);
