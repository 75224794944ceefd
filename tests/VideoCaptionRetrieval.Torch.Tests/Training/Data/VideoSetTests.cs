using VideoCaptionRetrieval.TestSupport.Retrieval;
using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Tests.Training.Data;

public sealed class VideoSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-video-set-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static VideoSet Set(IEnumerable<VideoClip> clips, int seed = 1) =>
        new([.. clips.Select(clip => new TrainingItem(clip, ["a caption"]))], new ColouredVideos(), FrameCount: 2, seed);

    private static IEnumerable<VideoClip> Parts(string path, int count) =>
        Enumerable.Range(0, count).Select(part => new VideoClip($"{path}#{part}-{part + 1}", path, part, part + 1));

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void Split_PartsOfFiles_NoFileOnBothSides(double fraction)
    {
        var set = Set(Enumerable.Range(0, 10).SelectMany(file => Parts($"{file}.mp4", 12)));
        var (training, validation) = set.Split(fraction);

        Assert.Equal(120, training.Items.Count + validation.Items.Count);
        Assert.Equal(120 * fraction, validation.Items.Count, 12);
        Assert.Empty(training.Items.Select(item => item.Clip.Path).Intersect(validation.Items.Select(item => item.Clip.Path)));
    }

    [Fact]
    public void Split_OneFileUnderManyNames_IsOneFile()
    {
        var file = Path.Combine(_folder, "a.mp4");
        File.WriteAllText(file, "a");
        File.CreateSymbolicLink(Path.Combine(_folder, "link.mp4"), file);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "folder"), _folder);
        string[] names = [file, Path.GetRelativePath(Directory.GetCurrentDirectory(), file), $"{_folder}/./a.mp4", $"{_folder}/link.mp4", $"{_folder}/folder/link.mp4"];
        var set = Set([.. names.Select(name => new VideoClip(name, name)), .. Parts(file, 2), new("b", "b.mp4"), new("c", "c.mp4"), new("d", "d.mp4")]);

        Assert.Equal(4, set.Items.DistinctBy(item => item.File).Count());
        for (var seed = 0; seed < 10; seed++)
        {
            var (training, validation) = (set with { Seed = seed }).Split(0.2);
            Assert.Empty(training.Items.Select(item => item.File).Intersect(validation.Items.Select(item => item.File)));
        }
    }

    [Fact]
    public void Split_NamesOfPartsWithoutAPath_AreOneFile()
    {
        var set = Set([new("a#0-1.5", ""), new("a#1.5-", ""), new("a", ""), new("b#c-d", ""), new("b#e-f", "")]);
        Assert.Equal(["a", "b#c-d", "b#e-f"], set.Items.Select(item => item.File).Distinct());
    }

    [Fact]
    public void Split_AllPartsOfOneFile_SaysWhy() => Assert.Contains("in 1 files",
        Assert.Throws<ArgumentException>(() => Set(Parts("a.mp4", 8)).Split(0.2)).Message);

    [Fact]
    public void Split_ByName_TrainingLeavesOutTheFile()
    {
        var set = Set([.. Parts("a.mp4", 3), .. Parts("b.mp4", 2), new("c", "c.mp4")]);
        var (training, validation) = set.Split(new HashSet<string> { "a.mp4#1-2" });

        Assert.Equal(["a.mp4#1-2"], validation.Items.Select(item => item.Clip.VideoId));
        Assert.Equal(["b.mp4#0-1", "b.mp4#1-2", "c"], training.Items.Select(item => item.Clip.VideoId));
        Assert.Contains("0 of 6 videos", Assert.Throws<ArgumentException>(() => set.Split(new HashSet<string> { "x" })).Message);
    }
}
