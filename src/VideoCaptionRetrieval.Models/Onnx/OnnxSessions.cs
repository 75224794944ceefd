using Microsoft.ML.OnnxRuntime;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>Makes sessions of ONNX Runtime, and says what is wrong where that fails.</summary>
internal static class OnnxSessions
{
    /// <summary>The setting that says what locations of weights are relative to, where the graph is in memory.</summary>
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
            // For every session: an exported graph may be quantised whatever its name, and one without 8-bit weights stays as it is.
            if (options.PreciseProducts ?? PreciseProducts.AreNeeded) settings.AddSessionConfigEntry(PreciseProducts.Entry, "1");
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
