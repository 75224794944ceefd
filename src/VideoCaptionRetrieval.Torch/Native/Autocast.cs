using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Native;

/// <summary>
/// Computes matrix products of this thread in 16 bits until it is disposed, as torch.autocast does: weights stay in 32 bits, and so do norms,
/// softmax and sums. Scopes do not nest. TorchSharp 0.107 has no autocast, so libtorch's own functions are called by their mangled names on Linux.
/// </summary>
internal sealed class Autocast : IDisposable
{
    private const string Library = "libtorch_cpu";
    private const sbyte Bits16 = 5, BrainBits16 = 15;       // c10::ScalarType::Half, BFloat16

    private readonly sbyte _device;

    private Autocast(sbyte device) => _device = device;

    /// <summary>Begins a scope.</summary>
    /// <param name="type">BFloat16, or Float16 on a CUDA device.</param>
    /// <param name="device">Device of the network.</param>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux on x64.</exception>
    internal static Autocast Begin(ScalarType type, torch.Device device)
    {
        RequireSupported();
        var scope = new Autocast((sbyte)(device.type == DeviceType.CUDA ? 1 : 0));
        SetType(scope._device, type == ScalarType.Float16 ? Bits16 : BrainBits16);
        SetEnabled(scope._device, enabled: true);
        return scope;
    }

    /// <exception cref="PlatformNotSupportedException">The system is not Linux on x64.</exception>
    internal static void RequireSupported()
    {
        if (!TorchLibraries.Supported)
            throw new PlatformNotSupportedException(
                "Computing in 16 bits needs Linux on x64: TorchSharp has no autocast, and libtorch's is called by its Linux names.");
    }

    public void Dispose()
    {
        SetEnabled(_device, enabled: false);
        ClearCache();                                       // of 16-bit copies of the weights, which the next step changes
    }

    [DllImport(Library, EntryPoint = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb")]
    private static extern void SetEnabled(sbyte device, [MarshalAs(UnmanagedType.U1)] bool enabled);

    [DllImport(Library, EntryPoint = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE")]
    private static extern void SetType(sbyte device, sbyte type);

    [DllImport(Library, EntryPoint = "_ZN2at8autocast11clear_cacheEv")]
    private static extern void ClearCache();
}
