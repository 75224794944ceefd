using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>How much memory a training may take.</summary>
internal static class FreeMemory
{
    private const string LinuxFacts = "/proc/meminfo", AvailableKey = "MemAvailable:";

    /// <summary>CUDA's runtime, which libtorch has loaded where it computes on a card; TorchSharp does not pass this function on.</summary>
    private static readonly string[] _cudaRuntimes = ["libcudart.so.13", "libcudart.so.12", "cudart64_13", "cudart64_12"];

    private delegate int MemoryQuery(out nuint free, out nuint total);

    /// <summary>Bytes that are free on a device; null = not known.</summary>
    internal static long? On(Device device) => device.type != DeviceType.CUDA ? OnProcessor() : device.index > 0 ? null : OnCard();

    /// <summary>What the system has left, and what a container's limit leaves.</summary>
    private static long OnProcessor()
    {
        using var process = Process.GetCurrentProcess();
        var allowed = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - process.WorkingSet64;
        return Math.Min(allowed, OfSystem() ?? long.MaxValue);
    }

    private static long? OfSystem()
    {
        if (!File.Exists(LinuxFacts)) return null;
        var line = File.ReadLines(LinuxFacts).FirstOrDefault(line => line.StartsWith(AvailableKey, StringComparison.Ordinal));
        var number = line?[AvailableKey.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes << 10 : null;
    }

    /// <summary>cudaMemGetInfo of the first card, the one that it asks unless told otherwise.</summary>
    private static long? OnCard()
    {
        foreach (var name in _cudaRuntimes)
        {
            if (!NativeLibrary.TryLoad(name, out var library)) continue;
            if (!NativeLibrary.TryGetExport(library, "cudaMemGetInfo", out var function)) continue;
            if (Marshal.GetDelegateForFunctionPointer<MemoryQuery>(function)(out var free, out _) == 0) return (long)free;
        }
        return null;
    }
}
