using System.Runtime.InteropServices;

namespace VideoCaptionRetrieval.Torch.Native;

/// <summary>Paths of libtorch and of TorchSharp's own native library.</summary>
/// <param name="TorchFolder">Folder of libtorch.so and its parts.</param>
/// <param name="Origin">What named the folder, for messages: the variable, the app, or the package cache.</param>
/// <param name="TorchSharpLibrary">Full path of libLibTorchSharp.so.</param>
public sealed record TorchLibraries(string TorchFolder, string Origin, string TorchSharpLibrary)
{
    /// <summary>The variable that names a folder with libtorch.</summary>
    public const string FolderVariable = "VCR_LIBTORCH";

    /// <summary>The libtorch that TorchSharp is built against.</summary>
    public const string TorchVersion = "2.10.0";      // the libtorch that TorchSharp 0.107.0 is built against
    internal const string TorchSharpVersion = "0.107.0";

    /// <summary>The part of libtorch that tells its folder.</summary>
    internal const string Core = "libtorch_cpu.so";

    private const string TorchSharpFile = "libLibTorchSharp.so";

    /// <summary>Searches the folder that the user named, then the app's folders, then the package cache.</summary>
    /// <param name="folder">A folder with libtorch; null = VCR_LIBTORCH or the default folders.</param>
    /// <exception cref="DllNotFoundException">A library is missing, or the named folder holds another version.</exception>
    internal static TorchLibraries Find(string? folder)
    {
        var named = folder ?? Environment.GetEnvironmentVariable(FolderVariable);
        if (!string.IsNullOrEmpty(named))
        {
            if (!File.Exists(Path.Combine(named, Core)))
            {
                throw new DllNotFoundException($"'{named}', named by {FolderVariable} or an option, holds no {Core}. "
                    + "Name the folder that holds it, for example 'torch/lib' of a Python installation of torch 2.10 or 2.11.");
            }
            var (full, origin, torchSharp) = (Path.GetFullPath(named), folder is null ? FolderVariable : "option", FindTorchSharp());
            TorchBuild.Require(full, origin == FolderVariable ? FolderVariable : "an option", torchSharp);
            return new(full, origin, torchSharp);
        }
        var found = Candidates("libtorch-cpu-linux-x64", TorchVersion).FirstOrDefault(x => File.Exists(Path.Combine(x.Folder, Core)));
        return found.Folder is null
            ? throw new DllNotFoundException("libtorch was not found beside the app or in the package cache. "
                + $"Type 'dotnet add package libtorch-cpu-linux-x64 --version {TorchVersion}' in the app's folder, "
                + $"or set {FolderVariable} to a folder that holds {Core}.")
            : new(found.Folder, found.Origin, FindTorchSharp());
    }

    private static string FindTorchSharp() => Candidates("torchsharp", TorchSharpVersion)
        .Select(x => Path.Combine(x.Folder, TorchSharpFile)).FirstOrDefault(File.Exists)
        ?? throw new DllNotFoundException($"{TorchSharpFile} was not found beside the app or in the package cache. "
            + $"Type 'dotnet add package TorchSharp --version {TorchSharpVersion}' in the app's folder.");

    private static IEnumerable<(string Folder, string Origin)> Candidates(string package, string version)
    {
        var native = Path.Combine("runtimes", "linux-x64", "native");
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var folder in searched.Append(AppContext.BaseDirectory).Append(Path.Combine(AppContext.BaseDirectory, native)))
            yield return (folder, "app");
        yield return (Path.Combine(PackageCache(), package, version, native), "package cache");
    }

    /// <summary>Returns the folder of downloaded NuGet packages.</summary>
    public static string PackageCache() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Whether this class supports the platform; elsewhere TorchSharp finds its libraries by itself.</summary>
    internal static bool Supported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;
}
