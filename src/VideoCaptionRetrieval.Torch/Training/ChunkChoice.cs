using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using VideoCaptionRetrieval.Torch.DualEncoders;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>Chooses how many images go through the network at once, where the options do not say.</summary>
internal static class ChunkChoice
{
    /// <summary>Larger chunks are hardly faster, on a CPU or a GPU.</summary>
    internal const int Max = MultiCaptionRetrievalOptions.DefaultChunkSize;

    /// <summary>Gradient and Adam's two moments, in float32, which are not there yet.</summary>
    private const int BytesPerParameter = 12;

    /// <summary>Computes the largest power of two, up to <see cref="Max"/>, with which gradients, moments and activations fit.</summary>
    /// <param name="parameters">Numbers in the network.</param>
    /// <param name="imageBytes">What an image takes between its passes.</param>
    /// <param name="freeBytes">Memory that may be taken; null = not known.</param>
    internal static int Compute(long parameters, long imageBytes, long? freeBytes)
    {
        if (freeBytes is not { } free) return Max;
        var left = free - (parameters * BytesPerParameter);
        var chunk = Max;
        while (chunk > 1 && chunk * imageBytes > left) chunk /= 2;
        return chunk;
    }

    /// <summary>Computes the same for a network on its device.</summary>
    internal static int For(TorchDualEncoder encoder) =>
        Compute(encoder.Model.parameters().Sum(parameter => parameter.numel()), encoder.Model.ImageActivationBytes, FreeMemory.On(encoder.Device));
}

/// <summary>Measures how much memory a training may take.</summary>
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
