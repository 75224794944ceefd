using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Torch.Native;

/// <summary>
/// Loads libtorch before TorchSharp needs it. Every entry point that creates tensors calls <see cref="EnsureLoaded"/> first. Thread-safe; only the
/// first call loads.
/// </summary>
/// <remarks>
/// TorchSharp 0.107.0's native library needs GLIBCXX_3.4.32, which Debian 12, Ubuntu 22.04 and RHEL 9 lack. The only symbol of that version
/// (_ZSt21ios_base_library_initv) is a marker that nothing calls. Where loading fails only for this reason, a copy with that need marked weak is
/// loaded from a private per-user cache; the glibc loader then resolves TorchSharp's library to it by name.
/// </remarks>
public static class TorchRuntime
{
    /// <summary>The symbol version that is marked weak where the system lacks it.</summary>
    public const string WeakenedVersion = "GLIBCXX_3.4.32";
    private static readonly Lock Gate = new();
    private static TorchStatus? _status;

    /// <summary>A folder with libtorch, used instead of VCR_LIBTORCH; set it before the first tensor is created.</summary>
    internal static string? Folder { get; set; }

    /// <summary>Loads libtorch once.</summary>
    /// <exception cref="DllNotFoundException">It is missing or does not load; the message says what to do.</exception>
    public static TorchStatus EnsureLoaded()
    {
        if (_status is { } done) return done;
        lock (Gate) return _status ??= Load();
    }

    private static TorchStatus Load()
    {
        if (!TorchLibraries.Supported) return new("platform default", "TorchSharp", Weakened: false);
        var libraries = TorchLibraries.Find(Folder);
        foreach (var name in new[] { "libc10.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so" })
        {
            var path = Path.Combine(libraries.TorchFolder, name);
            if (name == "libtorch_cuda.so" && !File.Exists(path)) continue;     // a CPU build has none
            NativeLibrary.Load(path);
        }
        return new(libraries.TorchFolder, libraries.Origin, LoadTorchSharp(libraries.TorchSharpLibrary));
    }

    /// <returns>Whether the weakened copy was loaded.</returns>
    private static bool LoadTorchSharp(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return false;
        }
        catch (DllNotFoundException e) when (e.Message.Contains(WeakenedVersion, StringComparison.Ordinal))
        {
            NativeLibrary.Load(WeakenedCopy(path, CacheFolder()));
            return true;
        }
    }

    /// <summary>Returns the path of a copy of <paramref name="library"/> with the weak version need, written once for each content.</summary>
    internal static string WeakenedCopy(string library, string cacheFolder)
    {
        var image = File.ReadAllBytes(library);
        var folder = Path.Combine(cacheFolder, Convert.ToHexStringLower(SHA256.HashData(image))[..16]);
        var copy = Path.Combine(folder, Path.GetFileName(library));
        if (ElfSymbolVersion.MakeWeak(image, WeakenedVersion) == 0)
            throw new DllNotFoundException($"'{library}' does not ask for {WeakenedVersion}; nothing can be mended in it.");
        if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(image)) return copy;
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(cacheFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        AtomicFile.Write(copy, file => file.Write(image));
        return copy;
    }

    private static string CacheFolder() => UserCache.CreateFolder("native");
}

/// <summary>The loaded libtorch.</summary>
/// <param name="Folder">The folder it was loaded from.</param>
/// <param name="Origin">What named the folder: 'VCR_LIBTORCH', 'option', 'app', 'package cache', or 'TorchSharp'.</param>
/// <param name="Weakened">Whether TorchSharp's library was loaded from a copy with one weak version need.</param>
public sealed record TorchStatus(string Folder, string Origin, bool Weakened);
