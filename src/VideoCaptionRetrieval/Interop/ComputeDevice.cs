using Microsoft.ML.Runtime;
using TorchSharp;
using VideoCaptionRetrieval.Models.Native;
using VideoCaptionRetrieval.Models.Onnx;

namespace VideoCaptionRetrieval.Interop;

/// <summary>Chooses the device of a network by MLContext.GpuDeviceId and MLContext.FallbackToCpu.</summary>
internal static class ComputeDevice
{
    /// <summary>Where ONNX Runtime computes; whether it can is seen when a graph is opened.</summary>
    internal static InferenceDevice ForInference(IHostEnvironment environment) =>
        new(environment.GpuDeviceId(), environment.FallbackToCpu());

    /// <summary>Where libtorch computes: the CPU where no GPU is asked for, else the CUDA device of that number.</summary>
    /// <exception cref="InvalidOperationException">The GPU is not there, and falling back to the CPU is not allowed.</exception>
    internal static torch.Device For(IHostEnvironment environment) => TorchDevice.Of(ForInference(environment));
}
