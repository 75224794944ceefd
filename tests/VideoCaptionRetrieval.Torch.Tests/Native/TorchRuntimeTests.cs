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

    [SkippableFact]
    public void Find_FolderWithoutTorch_SaysWhatIsMissing()
    {
        Skip.IfNot(TorchLibraries.Supported, "the search is for Linux x64");
        var e = Assert.Throws<DllNotFoundException>(() => TorchLibraries.Find(_cache));
        Assert.Contains(_cache, e.Message);
        Assert.Contains("libtorch_cpu.so", e.Message);
    }
}
