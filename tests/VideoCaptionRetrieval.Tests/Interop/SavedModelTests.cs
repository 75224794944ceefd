using System.IO.Compression;
using Microsoft.ML;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Torch.Native;

namespace VideoCaptionRetrieval.Tests.Interop;

public sealed class SavedModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-saved-").FullName;
    private readonly MLContext _context = new();

    public SavedModelTests()
    {
        Directory.CreateDirectory(Path.Combine(Source, "onnx"));
        File.WriteAllText(Path.Combine(Source, "config.json"), $"{{\"id\":\"{Guid.NewGuid()}\"}}");        // a cache entry of its own
        File.WriteAllBytes(Path.Combine(Source, "onnx", "weights.bin"), [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i * 31))]);
        File.WriteAllText(Path.Combine(Source, "empty.txt"), "");
    }

    private string Source => Path.Combine(_folder, "source");
    private string Zip => Path.Combine(_folder, "model.zip");
    private readonly List<string> _extracted = [];

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        foreach (var folder in _extracted.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    private FolderTransformer SaveAndLoad()
    {
        Save();
        return Load();
    }

    private void Save() => _context.Model.Save(new FolderTransformer(_context, Source), null, Zip);

    private FolderTransformer Load()
    {
        var loaded = (FolderTransformer)new MLContext().Model.Load(Zip, out _);
        _extracted.Add(loaded.Folder);
        return loaded;
    }

    [Fact]
    public void Load_SavedValuesAndFolder_ComeBack()
    {
        var loaded = SaveAndLoad();
        Assert.Equal(new FolderTransformer(_context, Source).Values, loaded.Values);
        Assert.Equal(3u, loaded.LoadedVersion);
        Assert.StartsWith(UserCache.Folder, loaded.Folder);
        foreach (var file in new[] { "config.json", "onnx/weights.bin", "empty.txt" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(Source, file)), File.ReadAllBytes(Path.Combine(loaded.Folder, file)));
        using var zip = ZipFile.OpenRead(Zip);
        Assert.Contains(zip.Entries, entry => entry.FullName.Replace('\\', '/').EndsWith("checkpoint/onnx/weights.bin", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_Twice_ExtractsOnceAndMendsAnIncompleteFolder()
    {
        var loaded = SaveAndLoad();
        var weights = Path.Combine(loaded.Folder, "onnx", "weights.bin");
        var written = File.GetLastWriteTimeUtc(weights);
        Assert.Equal(loaded.Folder, Load().Folder);
        Assert.Equal(written, File.GetLastWriteTimeUtc(weights));

        File.Delete(weights);
        Assert.Equal(loaded.Folder, Load().Folder);
        Assert.Equal(3_000_000, new FileInfo(weights).Length);
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(loaded.Folder)!, Path.GetFileName(loaded.Folder) + ".*.tmp"));
    }

    [Fact]
    public void Load_DamagedEntry_IsRefused()
    {
        Save();
        using (var zip = ZipFile.Open(Zip, ZipArchiveMode.Update))
        {
            var entry = zip.Entries.Single(one => one.Name == "weights.bin");
            var name = entry.FullName;
            entry.Delete();
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(new byte[3_000_000]);
        }
        var e = Assert.ThrowsAny<Exception>(() => Load());
        Assert.Contains("'onnx/weights.bin'", e.ToString());
    }

    [Fact]
    public void Save_MissingFolder_NamesIt()
    {
        var e = Assert.Throws<ModelFileException>(() => _context.Model.Save(new FolderTransformer(_context, Path.Combine(_folder, "absent")), null, Zip));
        Assert.Contains("absent", e.Message);
    }

    [SkippableFact]
    public void For_GpuAskedButAbsent_FallsBackOrSaysSo()
    {
        Skip.If(TorchDevice.Of(ComputeDevice.Choose(new MLContext { GpuDeviceId = 0, FallbackToCpu = true })).type != TorchSharp.DeviceType.CPU, "this machine has a GPU");
        Assert.Equal(TorchSharp.DeviceType.CPU, TorchDevice.Of(ComputeDevice.Choose(new MLContext())).type);
        var e = Assert.Throws<InvalidOperationException>(() => TorchDevice.Of(ComputeDevice.Choose(new MLContext { GpuDeviceId = 0, FallbackToCpu = false })));
        Assert.Contains("GpuDeviceId is '0'", e.Message);
    }

    [Fact]
    public void Log_MessageWithBraces_ReachesTheLogAsItIs()
    {
        var lines = new List<string>();
        _context.Log += (_, line) => lines.Add(line.RawMessage);
        new FolderTransformer(_context, Source).Log("read '{0}'");
        Assert.Contains("read '{0}'", lines);
        Assert.Equal(7, new MLContext(7).Seed());
        Assert.Null(new MLContext().Seed());
    }
}
