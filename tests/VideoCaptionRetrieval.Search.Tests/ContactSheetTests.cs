using SkiaSharp;
using VideoCaptionRetrieval.Search.Sheets;
using VideoCaptionRetrieval.Search.Tests.Sheets;

namespace VideoCaptionRetrieval.Search.Tests;

public sealed class ContactSheetTests(IndexedClips clips) : IClassFixture<IndexedClips>, IDisposable
{
    /// <summary>The clips' pictures are 320x240.</summary>
    private const int PictureWidth = SheetStyle.FrameHeight * 4 / 3;

    private readonly TemporaryFolder _folder = new();

    private string Sheet => Path.Combine(Directory.CreateDirectory(_folder.Path).FullName, "sheet.png");

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(7, 5, 2)]
    [InlineData(9, 5, 4)]
    [InlineData(8, 5, 3)]
    [InlineData(4, 2, 2)]
    [InlineData(0, 0, 0)]
    public void Write_Hit_ShowsTheBestMomentAndItsNeighbours(int frame, int first, int best)
    {
        var hit = Hit("colour-bars-then-white.mp4", frame);

        Assert.Empty(ContactSheet.Write(Sheet, clips.Index, "white", [hit]));

        using var sheet = SKBitmap.Decode(Sheet);
        for (var i = 0; i < HitFrames.MaxFrames; i++)
        {
            var (left, top) = Place(row: 0, i);
            // Two seconds of bars, then two of white: frames 5 to 9 of 10 are white all over.
            var corner = sheet.GetPixel(left + 12, top + 20);
            Assert.Equal(first + i >= 5, corner is { Red: > 245, Green: > 245, Blue: > 245 });
            Assert.Equal(i == best, sheet.GetPixel(left + 40, top) == SheetStyle.Accent);
        }
    }

    [SkippableFact]
    public void Write_Hits_SaysRankVideoTimeAndScore()
    {
        var text = new CollectingText();
        VideoHit[] hits = [Hit("test-pattern.mp4", 3) with { Score = 0.314 }, Hit("grey-noise.mp4", 0) with { Score = -0.1 }];

        ContactSheet.Write(Sheet, clips.Index, "noise\nor not", hits, new(), text);

        Assert.Equal(["noise or not", "The best 2 of 8 videos", "1", "test-pattern.mp4", clips.Videos, "00:01", "score 0.31"], text.Lines[..7]);
        Assert.Equal(clips.Index.FrameTimes(hits[0].VideoId).ToArray()[1..6].Select(Timestamp.FormatWithTenths), text.Lines[7..12]);
        Assert.Equal(["2", "grey-noise.mp4", clips.Videos, "00:00", "score -0.10"], text.Lines[12..17]);
    }

    [SkippableFact]
    public void Write_UnreadableVideos_GreyTileWithTheReasonAndTheOthersPictures()
    {
        var folder = Directory.CreateDirectory(_folder.Path).FullName;
        var (gone, broken) = (Path.Combine(folder, "gone.mp4"), Path.Combine(folder, "broken.mp4"));
        File.WriteAllText(broken, "no video");
        var text = new CollectingText();

        var skipped = ContactSheet.Write(Sheet, clips.Index, "x",
            [new(gone, 0.9, 1, 0), new(broken, 0.8, 1, 0), new(gone, 0.7, double.NaN, 0), Hit("colour-bars-then-white.mp4", 9)], new(), text);

        Assert.Equal([gone, broken, gone], skipped.Select(video => video.VideoId));
        Assert.Equal("the file does not exist", skipped[0].Reason);
        Assert.Equal("the index was made from frames without times", skipped[2].Reason);
        Assert.All([skipped[0], skipped[2]], video => Assert.Contains(video.Reason, text.Lines));
        Assert.Equal(3, text.Lines.Count(line => line == "No pictures"));
        using var sheet = SKBitmap.Decode(Sheet);
        for (var row = 0; row < 4; row++)
        {
            var (left, top) = Place(row, 4);
            Assert.Equal(row < 3, sheet.GetPixel(left + 12, top + 20) == SheetStyle.Missing);
        }
    }

    [SkippableFact]
    public void Write_PartOfAVideo_ShowsTheFile()
    {
        var whole = Hit("test-pattern.mp4", 3);
        var part = whole with { VideoId = whole.VideoId + "#1-2.5" };

        Assert.Empty(ContactSheet.Write(Sheet, clips.Index, "x", [part]));
        Assert.Single(ContactSheet.Write(Sheet, clips.Index, "x", [whole with { VideoId = "#1-2.5" }]));
    }

    [SkippableFact]
    public void Write_NoHits_SaysSo()
    {
        var text = new CollectingText();

        Assert.Empty(ContactSheet.Write(Sheet, clips.Index, "anything", [], new(), text));

        Assert.Equal(["anything", "No hits"], text.Lines);
        using var sheet = SKBitmap.Decode(Sheet);
        Assert.NotNull(sheet);
    }

    [SkippableFact]
    public void Write_MoreHitsThanFit_TheBestOnly()
    {
        var (text, progress) = (new CollectingText(), new List<int>());
        var hits = Enumerable.Repeat(new VideoHit("gone.mp4", 0, 0, 0), ContactSheet.MaxHits + 1).ToList();

        var skipped = ContactSheet.Write(Sheet, clips.Index, "x", hits, new() { Progress = new Reporting(progress.Add) }, text);

        Assert.Equal(ContactSheet.MaxHits, skipped.Count);
        Assert.Equal(Enumerable.Range(1, ContactSheet.MaxHits), progress);
        Assert.Contains("The best 100 of 101 hits in 8 videos", text.Lines);
    }

    [SkippableFact]
    public void Write_SameHits_SameBytes()
    {
        ContactSheet.Write(Sheet, clips.Index, "x", [Hit("test-pattern.mp4", 3)], new(), new GlyphText());
        var first = File.ReadAllBytes(Sheet);
        ContactSheet.Write(Sheet, clips.Index, "x", [Hit("test-pattern.mp4", 3)], new(), new GlyphText());

        Assert.Equal(first, File.ReadAllBytes(Sheet));
        Assert.Equal([Sheet], Directory.GetFiles(_folder.Path));
    }

    [SkippableFact]
    public void Write_Cancelled_NoFile()
    {
        Assert.Throws<OperationCanceledException>(() =>
            ContactSheet.Write(Sheet, clips.Index, "x", [Hit("test-pattern.mp4", 3)], new() { CancellationToken = new(canceled: true) }));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [SkippableFact]
    public void Write_NoFfmpeg_SaysWhatToInstall()
    {
        var fault = Assert.Throws<FileNotFoundException>(() => ContactSheet.Write(
            Sheet, clips.Index, "x", [Hit("test-pattern.mp4", 3)], new() { Ffmpeg = new() { FfmpegPath = "/nowhere/ffmpeg" } }));
        Assert.Contains("/nowhere/ffmpeg", fault.Message, StringComparison.Ordinal);
    }

    private VideoHit Hit(string name, int frame)
    {
        var index = clips.Index;
        var id = $"{clips.Videos}/{name}";
        return new(id, 0.5, index.FrameTimes(id).Span[frame], frame);
    }

    private static (int Left, int Top) Place(int row, int picture) => (
        SheetStyle.Margin + SheetStyle.CardPadding + SheetStyle.TextWidth + SheetStyle.Gap + (picture * (PictureWidth + SheetStyle.Gap)),
        SheetStyle.Margin + SheetStyle.HeadingHeight + SheetStyle.CardPadding + (row * (SheetStyle.CardHeight + SheetStyle.CardGap)));

    private sealed class Reporting(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
