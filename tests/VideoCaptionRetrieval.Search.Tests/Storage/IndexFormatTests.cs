using System.Text;
using Microsoft.ML;
using VideoCaptionRetrieval.Search.Storage;

namespace VideoCaptionRetrieval.Search.Tests.Storage;

/// <summary>The words of the files of an index.</summary>
public sealed class IndexFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pooling_EveryOne_HasANameOfItsOwnAndComesBack()
    {
        var poolings = Enum.GetValues<FramePooling>();
        Assert.Equal(["query-scoring", "mean"], poolings.Select(pooling => Manifest(pooling).Pooling));
        Assert.Equal(poolings, poolings.Select(pooling => Manifest(pooling).ToSettings("index.json").Scoring.Pooling));
    }

    [Fact]
    public void Pooling_ThatHasNoName_IsNotSaved()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => Manifest((FramePooling)99));
        Assert.Contains("no name for the pooling '99'", e.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => EmbeddingIndex.Create(_folder.Path, Settings((FramePooling)99), Some.Videos(2)));
        Assert.False(EmbeddingIndex.Exists(_folder.Path));
    }

    [Fact]
    public void DataFile_FirstBytes_AreNotThoseOfASavedFrameSampler()
    {
        EmbeddingIndex.Create(_folder.Path, Some.Settings(), Some.Videos(2));
        var magic = Encoding.ASCII.GetString(File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder.Path, "frames-*.bin"))), 0, 8);
        var zip = Path.Combine(_folder.Path, "sampler.zip");
        var context = new MLContext();
        var videos = context.Data.LoadFromEnumerable([new { VideoPath = "v.mp4" }]);
        context.Model.Save(context.Transforms.SampleFrames("VideoPath", new FrameColumn("Frames", new(8))).Fit(videos), null, zip);
        using var archive = System.IO.Compression.ZipFile.OpenRead(zip);
        using var part = new MemoryStream();
        using (var stream = archive.Entries.Single(entry => entry.Name == "Model.key").Open()) stream.CopyTo(part);

        Assert.Equal("VCRFRAME", magic);
        Assert.Contains("VCRSAMPL", Encoding.Latin1.GetString(part.ToArray()));
        Assert.DoesNotContain(magic, Encoding.Latin1.GetString(part.ToArray()));
    }

    private static IndexSettings Settings(FramePooling pooling) => Some.Settings() with { Scoring = new() { Pooling = pooling } };

    private static IndexManifest Manifest(FramePooling pooling) => IndexManifest.From(Settings(pooling), null, []);
}
