using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>Loads a module's parameters strictly from a file of weights with the same names.</summary>
internal static class ModuleLoading
{
    /// <summary>
    /// Copies every parameter from the file; 16-bit floats are upcast exactly. No tensor may be missing or left over, except names that end in one of
    /// <paramref name="ignoredSuffixes"/>.
    /// </summary>
    /// <exception cref="ModelFileException">Names the file, the tensor, and both shapes.</exception>
    internal static void Load(nn.Module module, WeightsFile file, params string[] ignoredSuffixes)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var parameters = module.named_parameters().ToDictionary(named => named.name, named => named.parameter, StringComparer.Ordinal);
        TensorCheck.Compare(file, parameters.ToDictionary(named => named.Key, named => named.Value.shape), ignoredSuffixes).Require();
        foreach (var (name, parameter) in parameters)
        {
            using var stored = file.Read(name);
            parameter.copy_(stored);
        }
    }

    /// <summary>Loads a checkpoint's weights into a new module, and disposes the module where that fails.</summary>
    /// <exception cref="ModelFileException">Names the file, the tensor, and both shapes.</exception>
    internal static T LoadOrDispose<T>(T module, WeightsFile file, params string[] ignoredSuffixes)
        where T : nn.Module
    {
        try
        {
            Load(module, file, [TensorCheck.PositionBuffers, .. ignoredSuffixes]);
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }
}
