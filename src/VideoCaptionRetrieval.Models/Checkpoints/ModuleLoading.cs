using VideoCaptionRetrieval.Models.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Fills a module from a weights file whose tensor names are the module's parameter names, strictly.</summary>
internal static class ModuleLoading
{
    private const string PositionBuffers = ".position_ids";     // constant 0, 1, 2 …, no weight; transformers writes it as a tensor

    /// <summary>
    /// Copies every parameter from the file; 16-bit floats are upcast exactly. Nothing may be missing, nothing may be left over
    /// except names that end in one of <paramref name="ignoredSuffixes"/>.
    /// </summary>
    /// <exception cref="ModelFileException">Names the file, the tensor, and both shapes.</exception>
    internal static void Load(nn.Module module, WeightsFile file, params string[] ignoredSuffixes)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var parameters = module.named_parameters().ToDictionary(named => named.name, named => named.parameter, StringComparer.Ordinal);
        Check(parameters, file, ignoredSuffixes);
        foreach (var (name, parameter) in parameters)
        {
            using var stored = file.Read(name);
            parameter.copy_(stored);
        }
    }

    /// <summary>Loads the weights of a checkpoint in Hugging Face layout into a new module; disposes it where that fails.</summary>
    /// <exception cref="ModelFileException">Names the file, the tensor, and both shapes.</exception>
    internal static T LoadOrDispose<T>(T module, WeightsFile file)
        where T : nn.Module
    {
        try
        {
            Load(module, file, PositionBuffers);
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    private static void Check(Dictionary<string, TorchSharp.Modules.Parameter> parameters, WeightsFile file, string[] ignoredSuffixes)
    {
        var missing = parameters.Keys.Where(name => !file.Entries.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            throw new ModelFileException(file.Path, $"{Tensors(missing)} missing; the file holds {file.Entries.Count} tensors, "
                + $"the configuration asks for {parameters.Count}.");
        }
        var unexpected = file.Entries.Keys
            .Where(name => !parameters.ContainsKey(name) && !ignoredSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
            .ToList();
        if (unexpected.Count > 0)
        {
            throw new ModelFileException(file.Path, $"{Tensors(unexpected)} not part of the network that the configuration describes; "
                + "check that configuration and weights belong together.");
        }
        foreach (var (name, parameter) in parameters) CheckEntry(file, name, parameter.shape);
    }

    /// <summary>Compares a tensor of the file with what a network asks for.</summary>
    /// <exception cref="ModelFileException">It is missing, of another shape, or no floating-point numbers.</exception>
    internal static void CheckEntry(WeightsFile file, string name, long[] expected)
    {
        var entry = file.Entry(name);
        if (!entry.Shape.AsSpan().SequenceEqual(expected))
        {
            throw new ModelFileException(file.Path, $"tensor '{name}' has shape [{string.Join(", ", entry.Shape)}]; "
                + $"the configuration asks for [{string.Join(", ", expected)}].");
        }
        if (!IsFloatingPoint(entry.Type))
            throw new ModelFileException(file.Path, $"tensor '{name}' has type {entry.Type}; expected floating-point weights.");
    }

    private static bool IsFloatingPoint(ScalarType type) =>
        type is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float64;

    private static string Tensors(List<string> names)
    {
        const int Shown = 5;
        var list = string.Join("', '", names.Order(StringComparer.Ordinal).Take(Shown));
        var rest = names.Count > Shown ? $" and {names.Count - Shown} more" : "";
        return names.Count == 1 ? $"tensor '{list}' is" : $"tensors '{list}'{rest} are";
    }
}
