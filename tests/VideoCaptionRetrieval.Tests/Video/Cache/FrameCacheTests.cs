using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Cache;

namespace VideoCaptionRetrieval.Tests.Video.Cache;

public sealed class FrameCacheTests : IDisposable
{
    private const string Video = "0123456789abcdef0123456789abcdef", Other = "fedcba9876543210fedcba9876543210";

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-cache-").FullName;
    private readonly List<string> _warnings = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private FrameCache Create(long maximumBytes = 1 << 30) => new(new() { Folder = Path.Combine(_folder, "cache"), MaximumBytes = maximumBytes }, _warnings.Add);

    private string[] Files => Directory.GetFiles(_folder, "*.frames", SearchOption.AllDirectories);

    private static CachedFrame Frame(int number, int size = 8, string form = "form")
    {
        var pixels = new byte[3 * size * size];
        new Random(number).NextBytes(pixels);
        return new(form, 100 * number, new(size, size, pixels));
    }

    private static void AssertHolds(CachedVideo video, CachedFrame frame)
    {
        var found = video.TryGet(frame.Form, frame.Timestamp);
        Assert.NotNull(found);
        Assert.Equal((frame.Frame.Width, frame.Frame.Height), (found.Width, found.Height));
        Assert.Equal(frame.Frame.Pixels, found.Pixels);
    }

    [Fact]
    public void Add_FramesAndNotes_AreThereForOthers()
    {
        var video = Create().Open(Video);
        Assert.Null(video.TryGet("form", 100));
        video.Add([1, 2], [Frame(1), Frame(2), Frame(2, 16, "large")]);
        video.Add([], [Frame(3)]);
        Assert.Null(video.TryGet("form", 100));                    // as it was when it was opened
        var again = Create().Open(Video);
        foreach (var frame in new[] { Frame(1), Frame(2), Frame(3), Frame(2, 16, "large") }) AssertHolds(again, frame);
        Assert.Null(again.TryGet("large", 100));
        Assert.Equal([[], [1, 2]], again.Notes.OrderBy(note => note.Length));
        Assert.Null(Create().Open(Other).TryGet("form", 100));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void TryGet_AnyByteDamaged_NeverWrongPixels()
    {
        Create().Open(Video).Add([7, 7, 7], [Frame(1), Frame(2)]);
        var path = Assert.Single(Files);
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            var video = Create().Open(Video);
            var lost = 0;
            foreach (var frame in new[] { Frame(1), Frame(2) })
            {
                if (video.TryGet(frame.Form, frame.Timestamp) is { } found) Assert.Equal(frame.Frame.Pixels, found.Pixels);
                else lost++;
            }
            Assert.InRange(lost, 1, 2);
            Assert.All(video.Notes, note => Assert.Equal([7, 7, 7], note));
        }
    }

    [Fact]
    public void Open_CutOrForeignFiles_AreAbsentAndRemoved()
    {
        Create().Open(Video).Add([], [Frame(1)]);
        var path = Assert.Single(Files);
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length += 3)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Null(Create().Open(Video).TryGet("form", 100));
            Assert.False(File.Exists(path));
        }
        File.WriteAllText(path, "not a file of the cache");
        Assert.Empty(Create().Open(Video).Notes);
        Assert.Empty(Files);
    }

    [Fact]
    public void Add_BeyondTheLimit_TheLeastRecentlyUsedVideosGo()
    {
        var names = Enumerable.Range(0, 20).Select(i => $"{i:x2}{Video[2..]}").ToArray();
        foreach (var name in names)
        {
            Create(100_000).Open(name).Add([], [Frame(1, 50)]);      // 7.5 KB each
            Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(Files.Single(file => file.Contains(name)))!, DateTime.UtcNow.AddHours(-30 + Array.IndexOf(names, name)));
            if (name == names[10]) Create().Open(names[0]);           // used again
        }
        var kept = Files.Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)).ToHashSet();
        Assert.InRange(Files.Sum(file => new FileInfo(file).Length), 50_000, 107_500);
        Assert.Contains(names[0], kept);
        Assert.DoesNotContain(names[1], kept);
        Assert.Contains(names[19], kept);
    }

    [Fact]
    public void Add_FromManyThreadsAndTwoCachesWithEviction_NothingWrongIsRead()
    {
        var (one, two) = (Create(60_000), Create(60_000));
        Parallel.For(0, 400, i =>
        {
            var name = $"{i % 16:x2}{Video[2..]}";
            var video = (i % 2 == 0 ? one : two).Open(name);
            var frame = Frame(i % 5, 30);
            if (video.TryGet(frame.Form, frame.Timestamp) is { } found) Assert.Equal(frame.Frame.Pixels, found.Pixels);
            else video.Add([], [frame]);
        });
        Assert.Empty(_warnings);
        Assert.Empty(Directory.GetFiles(_folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Create_WrongOptionsOrFolder_SaysWhat()
    {
        var e = Assert.Throws<ArgumentException>(() => new FrameCache(new() { Folder = " ", MaximumBytes = 0 }));
        Assert.Contains("Folder", e.Message);
        Assert.Contains("MaximumBytes", e.Message);
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        Assert.Contains("cannot be written to", Assert.Throws<IOException>(() => new FrameCache(new() { Folder = Path.Combine(_folder, "file") })).Message);
    }

    [Fact]
    public void Add_FolderIsGoneAndCannotBeMade_WarnsOnceAndGoesOn()
    {
        var cache = Create();
        Directory.Delete(Path.Combine(_folder, "cache", "v1"), recursive: true);
        File.WriteAllText(Path.Combine(_folder, "cache", "v1"), "a file in its place");
        for (var i = 0; i < 2; i++) cache.Open(Video).Add([], [Frame(1)]);
        Assert.Contains("cannot be added to the cache", Assert.Single(_warnings));
    }

    [Fact]
    public void Identify_Content_WhateverTheName()
    {
        var (a, b) = (Path.Combine(_folder, "a"), Path.Combine(_folder, "b"));
        File.WriteAllText(a, "content one");
        File.Copy(a, b);
        var cache = Create();
        string Identity(string path) => cache.Identify(VideoFile.Open(path), CancellationToken.None);
        var identity = Identity(a);
        Assert.Equal(32, identity.Length);
        Assert.Equal(identity, Identity(b));
        File.WriteAllText(a, "content two");                        // as long
        File.SetLastWriteTimeUtc(a, DateTime.UtcNow.AddHours(1));
        Assert.NotEqual(identity, Identity(a));
    }

    [Fact]
    public void Identify_UnchangedFile_IsNotReadAgainByLaterProcesses()
    {
        var path = Path.Combine(_folder, "a");
        File.WriteAllText(path, "content one");
        var file = VideoFile.Open(path);
        var identity = Create().Identify(file, CancellationToken.None);
        File.Delete(path);
        Assert.Equal(identity, Create().Identify(file, CancellationToken.None));
        var note = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "cache", "identities")));
        File.WriteAllText(note, "half a no");
        Assert.Throws<VideoReadException>(() => Create().Identify(file, CancellationToken.None));
    }
}
