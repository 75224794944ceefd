using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Interop;

/// <summary>Chooses the device of a network by MLContext.GpuDeviceId and MLContext.FallbackToCpu.</summary>
internal static class ComputeDevice
{
    /// <summary>The GPU that was asked for; whether it can be had is seen when a network is opened.</summary>
    internal static InferenceDevice Of(IHostEnvironment environment) =>
        new(environment.GpuDeviceId(), environment.FallbackToCpu());
}
