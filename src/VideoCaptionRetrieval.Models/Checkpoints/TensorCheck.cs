using System.Globalization;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>The differences between a file's tensors and those that a network needs.</summary>
/// <param name="File">The weights that were checked.</param>
/// <param name="Expected">Shapes of the network's tensors by name.</param>
/// <param name="Missing">Names that the network needs and the file lacks.</param>
/// <param name="Unexpected">Names that the file has and the network does not know.</param>
/// <param name="Wrong">A clause about each tensor of another shape, or with elements that are no floating-point numbers.</param>
public sealed record TensorCheck(
    WeightsFile File, IReadOnlyDictionary<string, long[]> Expected,
    IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<string> Wrong)
{
    /// <summary>Suffix of constant buffers (0, 1, 2 …) that transformers writes as tensors.</summary>
    public const string PositionBuffers = ".position_ids";

    /// <summary>Compares a file with a network; tensors that end in one of <paramref name="ignoredSuffixes"/> are optional.</summary>
    public static TensorCheck Compare(WeightsFile file, IReadOnlyDictionary<string, long[]> expected, params string[] ignoredSuffixes) => new(
        file, expected,
        [.. expected.Keys.Where(name => !file.Entries.ContainsKey(name)).Order(StringComparer.Ordinal)],
        [.. file.Entries.Keys
            .Where(name => !expected.ContainsKey(name) && !ignoredSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)],
        [.. expected.Where(named => file.Entries.ContainsKey(named.Key)).Select(named => Fault(named.Key, file.Entries[named.Key], named.Value))
            .OfType<string>()]);

    /// <summary>Whether the file has exactly the network's tensors.</summary>
    internal bool IsGood => Missing.Count + Unexpected.Count + Wrong.Count == 0;

    /// <summary>Throws where the file and the network differ, or a weight is NaN or infinite. Reads every weight once.</summary>
    /// <exception cref="ModelFileException">Names the file, the tensor, and both shapes or the value.</exception>
    public void Require()
    {
        if (Missing.Count > 0)
        {
            throw new ModelFileException(File.Path, $"{Tensors(Missing)} missing; the file holds {File.Entries.Count} tensors, "
                + $"the configuration asks for {Expected.Count}{Prefixed(Missing[0])}.");
        }
        if (Unexpected.Count > 0)
        {
            throw new ModelFileException(File.Path, $"{Tensors(Unexpected)} not part of the network that the configuration describes; "
                + "check that configuration and weights belong together.");
        }
        if (Wrong.Count > 0) throw new ModelFileException(File.Path, Wrong[0] + ".");
        foreach (var name in Expected.Keys) RequireFinite(name);
    }

    /// <summary>Throws where one tensor differs.</summary>
    /// <exception cref="ModelFileException">It is missing, has another shape, or holds no floating-point numbers.</exception>
    public static void Require(WeightsFile file, string name, long[] expected)
    {
        if (Fault(name, file.Entry(name), expected) is { } fault) throw new ModelFileException(file.Path, fault + ".");
    }

    private void RequireFinite(string name)
    {
        if (File.FindNotFinite(name) is not { } value) return;
        throw new ModelFileException(File.Path, string.Create(CultureInfo.InvariantCulture,
            $"tensor '{name}' holds '{value}'; expected finite weights. A training that broke leaves such files: take an earlier checkpoint of it, ")
            + "or download the file again.");
    }

    /// <summary>Says where a tensor has a name with a prefix that not all tensors share, and that is therefore not left out.</summary>
    private string Prefixed(string name) =>
        File.Entries.Keys.FirstOrDefault(own => own.EndsWith("." + name, StringComparison.Ordinal)) is { } found
            ? $"; it holds '{found}': take the prefix '{found[..^name.Length]}' off the names of this network's tensors"
            : "";

    private static string? Fault(string name, TensorEntry entry, long[] expected)
    {
        if (!entry.Shape.AsSpan().SequenceEqual(expected))
        {
            return $"tensor '{name}' has shape [{string.Join(", ", entry.Shape)}]; "
                + $"the configuration asks for [{string.Join(", ", expected)}]";
        }
        return entry.Type is TensorType.Float32 or TensorType.Float16 or TensorType.BFloat16 or TensorType.Float64
            ? null
            : $"tensor '{name}' has type {entry.Type}; expected floating-point weights";
    }

    private static string Tensors(IReadOnlyList<string> names)
    {
        const int Shown = 5;
        var list = string.Join("', '", names.Take(Shown));
        var rest = names.Count > Shown ? $" and {names.Count - Shown} more" : "";
        return names.Count == 1 ? $"tensor '{list}' is" : $"tensors '{list}'{rest} are";
    }
}
