using System.Text;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Native;

public sealed class TorchRuntimeTests : IDisposable
{
    private readonly string _cache = Directory.CreateTempSubdirectory("vcr-native-").FullName;

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    [Fact]
    public void EnsureLoaded_FirstTensor_Computes()
    {
        TorchRuntime.EnsureLoaded();
        using var sum = ones(3).sum();
        Assert.Equal(3f, sum.item<float>());
    }

    [SkippableFact]
    public void WeakenedCopy_TorchSharpLibrary_DiffersInOneFlagAndLoads()
    {
        Skip.IfNot(TorchLibraries.Supported, "the version need is a matter of Linux x64");
        TorchRuntime.EnsureLoaded();
        var library = TorchLibraries.Find(null).TorchSharpLibrary;

        var copy = TorchRuntime.WeakenedCopy(library, _cache);

        var (before, after) = (File.ReadAllBytes(library), File.ReadAllBytes(copy));
        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToList();
        Assert.Single(changed);
        Assert.Equal(before[changed[0]] | 2, after[changed[0]]);
        System.Runtime.InteropServices.NativeLibrary.Load(copy);
        Assert.Equal(copy, TorchRuntime.WeakenedCopy(library, _cache));     // found again, not written again
    }

    [Fact]
    public void MakeWeak_NotElf_Refused() =>
        Assert.Throws<InvalidDataException>(() => ElfSymbolVersion.MakeWeak(Encoding.ASCII.GetBytes(new string('x', 100)), "GLIBCXX_3.4.32"));

    [SkippableTheory]
    [InlineData("version.py", "from typing import Optional\n__all__ = ['__version__', 'debug']\n__version__ = '2.13.0+cpu'\n", "2.13.0+cpu")]
    [InlineData("version.py", "__version__: str = \"2.9.1\"\r\n", "2.9.1")]
    [InlineData("version.py", "__version__ = '2.1.0'", "2.1.0")]
    [InlineData("build-version", "2.13.0+cu130\n", "2.13.0+cu130")]
    public void Find_AnotherVersionBesideTheFolder_RefusedBeforeItIsLoaded(string file, string content, string version)
    {
        Skip.IfNot(TorchLibraries.Supported, "the search is for Linux x64");
        var library = MakeUp("not a library");
        File.WriteAllText(Path.Combine(_cache, file), content);
        var e = Assert.Throws<DllNotFoundException>(() => TorchLibraries.Find(library));
        Assert.Contains($"libtorch {version} (", e.Message);
        Assert.Contains(Path.Combine(_cache, file), e.Message);
        Assert.Contains("2.10", e.Message);
    }

    [SkippableTheory]
    [InlineData("version.py", "__version__ = '2.10.3+cu128'")]
    [InlineData("version.py", "__version__ = '2.11.0+cu130'")]
    [InlineData("build-version", "2.10.0+cpu\n")]
    public void Find_TheVersionOfTorchSharpBesideTheFolder_IsTaken(string file, string content)
    {
        Skip.IfNot(TorchLibraries.Supported, "the search is for Linux x64");
        var library = MakeUp("not a library");
        File.WriteAllText(Path.Combine(_cache, file), content);
        Assert.Equal((library, "option"), (TorchLibraries.Find(library).TorchFolder, TorchLibraries.Find(library).Origin));
    }

    [SkippableFact]
    public void Find_FolderThatLinksIntoAWheel_ReadsTheWheelsVersion()
    {
        Skip.IfNot(TorchLibraries.Supported, "the search is for Linux x64");
        var library = MakeUp("not a library");
        File.WriteAllText(Path.Combine(_cache, "version.py"), "__version__ = '2.13.0'");
        var links = Directory.CreateDirectory(Path.Combine(_cache, "other", "links")).FullName;
        File.CreateSymbolicLink(Path.Combine(links, "libtorch_cpu.so"), Path.Combine(library, "libtorch_cpu.so"));
        Assert.Contains("libtorch 2.13.0", Assert.Throws<DllNotFoundException>(() => TorchLibraries.Find(links)).Message);
    }

    [SkippableFact]
    public void Find_NoVersion_ComparesTheSymbols()
    {
        Skip.IfNot(TorchLibraries.Supported, "the search is for Linux x64");
        TorchRuntime.EnsureLoaded();
        var own = TorchLibraries.Find(null).TorchFolder;
        var (whole, part) = (Directory.CreateDirectory(Path.Combine(_cache, "whole", "lib")).FullName, MakeUp(""));
        foreach (var path in Directory.GetFiles(own, "lib*.so")) File.CreateSymbolicLink(Path.Combine(whole, Path.GetFileName(path)), path);
        Assert.Equal(whole, TorchLibraries.Find(whole).TorchFolder);

        File.Copy(Path.Combine(own, "libc10.so"), Path.Combine(part, "libtorch_cpu.so"), overwrite: true);
        var e = Assert.Throws<DllNotFoundException>(() => TorchLibraries.Find(part));
        Assert.Contains("symbols that it needs, such as '_Z", e.Message);
        Assert.Contains(part, e.Message);
    }

    [SkippableTheory]
    [InlineData("not a library")]
    [InlineData("\u007fELF\u0002\u0001 cut off")]
    public void Find_NoVersionAndNoLibrary_SaysSo(string content)
    {
        Skip.IfNot(TorchLibraries.Supported, "the search is for Linux x64");
        Assert.Contains("is no 64-bit ELF library", Assert.Throws<DllNotFoundException>(() => TorchLibraries.Find(MakeUp(content))).Message);
    }

    [SkippableFact]
    public void Find_FolderWithoutTorch_SaysWhatIsMissing()
    {
        Skip.IfNot(TorchLibraries.Supported, "the search is for Linux x64");
        var e = Assert.Throws<DllNotFoundException>(() => TorchLibraries.Find(_cache));
        Assert.Contains(_cache, e.Message);
        Assert.Contains("libtorch_cpu.so", e.Message);
    }

    /// <summary>Makes up a folder 'lib' with a libtorch_cpu.so.</summary>
    private string MakeUp(string content)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_cache, "lib")).FullName;
        File.WriteAllText(Path.Combine(folder, "libtorch_cpu.so"), content);
        return folder;
    }
}
