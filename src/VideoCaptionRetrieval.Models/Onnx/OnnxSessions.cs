using System.Runtime.Intrinsics.X86;
using Microsoft.ML.OnnxRuntime;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>Creates sessions of ONNX Runtime, with messages that say what to do where that fails.</summary>
internal static class OnnxSessions
{
    /// <summary>Session setting: the folder that locations of weights are relative to, for a graph in memory.</summary>
    internal const string WeightsFolder = "session.model_external_initializers_file_folder_path";

    /// <exception cref="ModelFileException">ONNX Runtime does not open the graph.</exception>
    internal static InferenceSession Create(
        string source, InferenceOptions options, InferenceDevice device, Func<SessionOptions, InferenceSession> open)
    {
        try
        {
            using var settings = Settings(options, device);
            return open(settings);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException(source, $"ONNX Runtime cannot open the graph: {e.Message}", e);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new DllNotFoundException("ONNX Runtime's native library is not here. Add the package Microsoft.ML.OnnxRuntime to the "
                + "program (Microsoft.ML.OnnxRuntime.Gpu for a GPU).", e);
        }
    }

    private static SessionOptions Settings(InferenceOptions options, InferenceDevice device)
    {
        var settings = new SessionOptions
        {
            IntraOpNumThreads = options.Threads,
            GraphOptimizationLevel = options.GraphOptimization switch
            {
                GraphOptimization.Disabled => GraphOptimizationLevel.ORT_DISABLE_ALL,
                GraphOptimization.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
                GraphOptimization.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
            },
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            // For every session: an exported graph may be quantised whatever its name, and one without 8-bit weights is unaffected.
            if (PreciseProducts.Of(options) == IntegerProducts.Precise) settings.AddSessionConfigEntry(PreciseProducts.Entry, "1");
            if (device.Gpu is { } gpu) AddCuda(settings, gpu, device.FallbackToCpu);
            return settings;
        }
        catch
        {
            settings.Dispose();
            throw;
        }
    }

    private static void AddCuda(SessionOptions settings, int gpu, bool fallbackToCpu)
    {
        try
        {
            settings.AppendExecutionProvider_CUDA(gpu);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            if (fallbackToCpu) return;
            throw new InvalidOperationException($"ONNX Runtime cannot compute on CUDA device {gpu} ({e.Message.TrimEnd()}). Use its GPU build "
                + "(package Microsoft.ML.OnnxRuntime.Gpu, here -p:Accelerator=cuda), another GpuDeviceId, or set FallbackToCpu = true.", e);
        }
    }
}

/// <summary>
/// Decides whether sessions use ONNX Runtime's precise mode for 8-bit matrices.
/// <para>
/// On x64, ONNX Runtime multiplies unsigned activations with signed weights. Without VNNI instructions its kernels (AVX2 and AVX-512) add
/// two neighbouring products into 16 bits, which saturate: 2·255·127 is 64,770 and becomes 32,767. With VNNI, 32 bits hold the sums. The
/// precise mode adds 128 to weights and zero points that are constants, and multiplies unsigned with unsigned: the same integers, by
/// kernels that never saturate and are slower.
/// </para>
/// </summary>
public static class PreciseProducts
{
    /// <summary>
    /// The entry of a session's configuration, kOrtSessionOptionsAvx2PrecisionMode in ONNX Runtime's sources. It belongs to the fusions of
    /// <see cref="GraphOptimization.Extended"/> and has no effect below that level, nor on processors other than x64.
    /// </summary>
    internal const string Entry = "session.x64quantprecision";

    private const int Features = 7, Avx512Vnni = 1 << 11, AvxVnni = 1 << 4;

    /// <summary>Whether the fast products saturate on this processor, an x64 without VNNI: then every session is precise.</summary>
    public static bool AreNeeded { get; } = X86Base.IsSupported && !HasVnni(X86Base.CpuId, Avx512F.IsSupported);

    /// <summary>How a session with these options multiplies matrices of 8 bits on this processor.</summary>
    internal static IntegerProducts Of(InferenceOptions options) =>
        options.PreciseProducts ?? AreNeeded ? IntegerProducts.Precise : IntegerProducts.Plain;

    /// <summary>Whether a processor has VNNI instructions that ONNX Runtime uses.</summary>
    /// <param name="cpuId">CPUID: function and sub-function → registers.</param>
    /// <param name="isAvx512Enabled">Whether the operating system saves AVX-512 registers; else the processor's AVX512_VNNI stays unused.</param>
    internal static bool HasVnni(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId, bool isAvx512Enabled)
    {
        if (cpuId(0, 0).Eax < Features) return false;
        var (subFunctions, _, ecx, _) = cpuId(Features, 0);
        return (isAvx512Enabled && (ecx & Avx512Vnni) != 0) || (subFunctions >= 1 && (cpuId(Features, 1).Eax & AvxVnni) != 0);
    }
}
