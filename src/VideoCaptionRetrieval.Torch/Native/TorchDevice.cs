using TorchSharp;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Torch.Native;

/// <summary>Chooses libtorch's device.</summary>
internal static class TorchDevice
{
    /// <summary>Returns the CUDA device of the given number, or the CPU where none is requested.</summary>
    /// <exception cref="InvalidOperationException">The GPU is not available, and falling back to the CPU is not allowed.</exception>
    internal static torch.Device Choose(InferenceDevice device)
    {
        TorchRuntime.EnsureLoaded();
        if (device.Gpu is not { } gpu) return torch.CPU;
        var count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (gpu >= 0 && gpu < count) return new torch.Device(DeviceType.CUDA, gpu);
        if (device.FallbackToCpu) return torch.CPU;
        throw new InvalidOperationException(
            $"MLContext.GpuDeviceId is '{gpu}', but libtorch sees {count} CUDA devices. Use a CUDA build of libtorch " +
            "(-p:Accelerator=cuda, or VCR_LIBTORCH), another GpuDeviceId, or set MLContext.FallbackToCpu = true.");
    }
}
