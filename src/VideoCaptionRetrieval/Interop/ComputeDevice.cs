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
    internal static torch.Device For(IHostEnvironment environment)
    {
        TorchRuntime.EnsureLoaded();
        if (environment.GpuDeviceId() is not { } gpu) return torch.CPU;
        var count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (gpu >= 0 && gpu < count) return new torch.Device(DeviceType.CUDA, gpu);
        if (environment.FallbackToCpu()) return torch.CPU;
        throw new InvalidOperationException(
            $"MLContext.GpuDeviceId is '{gpu}', but libtorch sees {count} CUDA devices. Use a CUDA build of libtorch " +
            "(-p:Accelerator=cuda, or VCR_LIBTORCH), another GpuDeviceId, or set MLContext.FallbackToCpu = true.");
    }
}
