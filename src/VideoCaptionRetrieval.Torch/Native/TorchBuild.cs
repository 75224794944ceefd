using System.Text.RegularExpressions;

namespace VideoCaptionRetrieval.Torch.Native;

/// <summary>
/// Refuses a libtorch that TorchSharp's library was not built for, before anything of it is loaded: it would end the process in its first call.
/// </summary>
internal static partial class TorchBuild
{
    private static readonly string[] Parts = ["libc10.so", TorchLibraries.Core, "libtorch_cuda.so", "libtorch.so"];

    /// <summary>Major and minor versions that define all that TorchSharp's library needs, and were seen to train with it.</summary>
    private static readonly string[] Known = [TorchLibraries.TorchVersion[..TorchLibraries.TorchVersion.LastIndexOf('.')], "2.11"];

    private static readonly string KnownText = string.Join(" or ", Known);

    /// <summary>Checks a folder: by the version that lies beside it, else by what TorchSharp's library needs of it.</summary>
    /// <param name="folder">The folder of libtorch_cpu.so.</param>
    /// <param name="namedBy">What named it, for the message.</param>
    /// <param name="torchSharp">Path of TorchSharp's library.</param>
    /// <exception cref="DllNotFoundException">It is another version; the message says which, and what to do.</exception>
    internal static void Require(string folder, string namedBy, string torchSharp)
    {
        if (FindVersion(folder) is { } found)
        {
            if (Array.Exists(Known, known => found.Version == known || found.Version.StartsWith(known + '.', StringComparison.Ordinal))) return;
            throw Foreign($"libtorch {found.Version} ('{found.File}' says so)");
        }
        var missing = Missing(folder, torchSharp).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0) throw Foreign($"a libtorch without {missing.Count} symbols that it needs, such as '{missing[0]}'");

        DllNotFoundException Foreign(string what) => new($"'{folder}', named by {namedBy}, holds {what}; TorchSharp {TorchLibraries.TorchSharpVersion} "
            + $"runs with libtorch {KnownText}, and another version ends the process. Name a folder of that version, such as 'torch/lib' of a Python "
            + $"installation of torch {KnownText}, or name none.");
    }

    /// <summary>Reads the version from what a wheel of Python or an archive of libtorch holds beside the folder; null where neither is there.</summary>
    private static (string Version, string File)? FindVersion(string folder)
    {
        var core = Path.Combine(folder, TorchLibraries.Core);
        var real = File.ResolveLinkTarget(core, returnFinalTarget: true)?.FullName ?? core;
        foreach (var place in new[] { folder, Path.GetDirectoryName(real)! }.Select(place => Path.GetFullPath(Path.Combine(place, ".."))).Distinct())
        {
            var (wheel, archive) = (Path.Combine(place, "version.py"), Path.Combine(place, "build-version"));
            if (File.Exists(wheel) && PythonVersion().Match(File.ReadAllText(wheel)) is { Success: true } match) return (match.Groups["version"].Value, wheel);
            if (File.Exists(archive) && File.ReadAllText(archive).Trim() is { Length: > 0 } version) return (version, archive);
        }
        return null;
    }

    /// <summary>Lists the symbols of libtorch's namespaces that TorchSharp's library needs and no part of a libtorch offers.</summary>
    private static HashSet<string> Missing(string folder, string torchSharp)
    {
        var needed = ElfSymbols.Read(torchSharp).Needed.Where(name => TorchName().IsMatch(name)).ToHashSet(StringComparer.Ordinal);
        foreach (var part in Parts.Select(name => Path.Combine(folder, name)).Where(File.Exists)) needed.ExceptWith(ReadDefined(part));
        return needed;
    }

    private static IEnumerable<string> ReadDefined(string part)
    {
        try
        {
            return ElfSymbols.Read(part).Defined;
        }
        catch (InvalidDataException e)
        {
            throw new DllNotFoundException($"{e.Message} Name a folder with a whole libtorch {KnownText}.", e);
        }
    }

    [GeneratedRegex("""^__version__\s*(:[^=]*)?=\s*['"](?<version>[^'"]+)['"]""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex PythonVersion();

    /// <summary>C++ names in the namespaces at, c10 and torch.</summary>
    [GeneratedRegex("^_Z(T[ISV])?NK?(2at|3c10|5torch)", RegexOptions.ExplicitCapture)]
    private static partial Regex TorchName();
}
