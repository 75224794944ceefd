using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Tests.ClipScore;

public sealed class ClipScoreFilterTests : IDisposable
{
    private const int Size = 2;
    private readonly MLContext _context = new(seed: 1);
    private readonly CountingDualEncoder _encoder = new(Size);
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-filter-").FullName;
    private int _opened;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ClipScoreFilterTransformer Create(ClipScoreFilterOptions? options = null) => new(_context, options ?? new(), new CheckpointReference("models/clip", Size, "none"),
        () => { _opened++; return _encoder; });

    // Three frames at 0, 30 and 60 degrees; captions of two captioners with slot names.
    private IDataView Rows(params Row[] rows)
    {
        foreach (var row in rows) row.Frames = [.. new[] { 0, 30, 60 }.SelectMany(angle => Enumerable.Repeat((byte)angle, Size * Size * 3))];
        var view = _context.Data.LoadFromEnumerable(rows);
        var named = new NamedSlots(_context, "Given", "Captions", new CaptionSlots(["blip", "clipcap"], 3));
        return named.Transform(view);
    }

    private static Row Video(string error, params string[] captions) => new() { Given = captions, FrameError = error };

    private static readonly string[] SixCaptions = ["a#50", "b#30", "c#40", "d#0", "e#0", ""];

    [Fact]
    public void Transform_TopPerCaptioner_CaptionsScoresFramesAndSlotNames()
    {
        var view = Create().Transform(Rows(Video("", SixCaptions)));
        var row = _context.Data.CreateEnumerable<Kept>(view, reuseRowObject: false).Single();
        Assert.Equal(["b#30", "c#40", "d#0", "e#0"], row.Captions);
        Assert.Equal([2.5f, 2.5f * Cosine(20), 2.5f, 2.5f * Cosine(30)], row.Scores, (a, b) => Math.Abs(a - b) < 1e-5f);
        Assert.Equal([1, 2, 0, 1], row.FrameIndices);
        foreach (var name in new[] { "Captions", "Captions.Scores", "Captions.Frames" })
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            view.Schema[name].Annotations.GetValue("SlotNames", ref names);
            Assert.Equal(["blip/0", "blip/1", "clipcap/0", "clipcap/1"], names.DenseValues().Select(slot => slot.ToString()));
        }
    }

    [Fact]
    public void Transform_Window_EachTowerIsCalledOnceWithDistinctTexts()
    {
        var view = Create(new() { ImagesPerBatch = 9, Prefix = "A photo depicts " }).Transform(Rows(Video("", SixCaptions), Video("", SixCaptions), Video("", SixCaptions), Video("", SixCaptions)));
        Assert.Equal(4, view.GetColumn<string[]>("Captions").Count());
        Assert.Equal([9, 3], _encoder.FrameCalls);
        Assert.Equal(2, _encoder.TextCalls.Count);
        Assert.Equal(SixCaptions[..5].Select(text => "A photo depicts " + text), _encoder.TextCalls[0]);
    }

    [Fact]
    public void Transform_ErrorOrNoCaption_AbsentAndNoNetworkRuns()
    {
        var view = Create().Transform(Rows(Video("no video stream", SixCaptions), Video("", "", " ", "", "", "\t", "")));
        foreach (var row in _context.Data.CreateEnumerable<Kept>(view, reuseRowObject: false))
        {
            Assert.All(row.Captions, text => Assert.Equal("", text));
            Assert.All(row.Scores, score => Assert.Equal(float.NaN, score));
            Assert.All(row.FrameIndices, frame => Assert.Equal(-1, frame));
        }
        Assert.Equal(0, _opened);
    }

    [Fact]
    public void Transform_RandomRule_BySeedAndCaptionsAlone()
    {
        IReadOnlyList<string> Kept(int seed, params Row[] rows) =>
            Create(new() { Selection = CaptionSelectionRule.Random, KeepPerCaptioner = 1, Seed = seed }).Transform(Rows(rows)).GetColumn<string[]>("Captions").Last();
        var draws = Enumerable.Range(1, 60).Select(seed => Kept(seed, Video("", SixCaptions))).ToList();
        Assert.Equal(["a#50", "b#30", "c#40"], draws.Select(draw => draw[0]).Distinct().Order());
        Assert.Equal(["d#0", "e#0"], draws.Select(draw => draw[1]).Distinct().Order());       // the third is empty
        Assert.Equal(draws[4], Kept(5, Video("", "x#0", "y#0", "z#0", "", "", ""), Video("", SixCaptions)));
    }

    [Theory]
    [InlineData(CaptionSelectionRule.TopOverall, new[] { "d#0", "b#30", "c#40", "e#0" })]
    [InlineData(CaptionSelectionRule.MiddleFrame, new[] { "b#30", "e#0" })]
    public void Transform_OtherRules_KeepTheirs(CaptionSelectionRule rule, string[] expected)
    {
        var view = Create(new() { Selection = rule }).Transform(Rows(Video("", SixCaptions)));
        Assert.Equal(expected, view.GetColumn<string[]>("Captions").Single());
    }

    [Fact]
    public void Transform_MinimumAndDuplicates_Respected()
    {
        var view = Create(new() { MinimumScore = 2.1, RemoveDuplicates = true }).Transform(Rows(Video("", "B#30", "b#30", "b#31", "x#90", "b #30", "c#59")));
        Assert.Equal(["b#30", "b#31", "b #30", "c#59"], view.GetColumn<string[]>("Captions").Single());
    }

    [Fact]
    public void GetRowCursor_OtherColumns_NetworkStaysClosed()
    {
        var transformer = Create();
        var view = transformer.Transform(Rows(Video("", SixCaptions)));
        Assert.Single(view.GetColumn<byte[]>("Frames"));
        Assert.Equal(0, _opened);
        Assert.Single(view.GetColumn<int[]>("Captions.Frames"));
        Assert.Equal(1, _opened);
        transformer.Dispose();
        Assert.True(_encoder.Disposed);
    }

    [Fact]
    public void Bind_FramesOfAnotherSizeOrCount_NamesBoth()
    {
        var other = new ClipScoreFilterTransformer(_context, new(), new CheckpointReference("models/clip", 5, "none"), () => _encoder);
        var e = Assert.Throws<ArgumentException>(() => other.Transform(Rows(Video("", SixCaptions))));
        Assert.Contains("'Frames' holds frames of 2×2", e.Message);
        Assert.Contains("'models/clip' takes 5×5", e.Message);
        var twoFrames = _context.Data.LoadFromEnumerable([new { Captions = SixCaptions }], SixTexts()).AppendFrames(_context);
        Assert.Contains("captions of 6 frames", Assert.Throws<ArgumentException>(() => Create().Transform(twoFrames)).Message);
    }

    [Fact]
    public void Fit_MissingCheckpointOrColumn_SaysSo()
    {
        var data = Rows(Video("", SixCaptions));
        Assert.Contains("'models/absent'", Assert.Throws<ModelFileException>(() => _context.Transforms.FilterCaptionsByClipScore("Captions", "Frames", "models/absent").Fit(data)).Message);
        Assert.Contains("'Nothing'", Assert.Throws<ArgumentException>(() => _context.Transforms.FilterCaptionsByClipScore("Nothing", "Frames", "models/absent").GetOutputSchema(ColumnShapes.Describe(data.Schema))).Message);
        var e = Assert.Throws<ArgumentException>(() => _context.Transforms.FilterCaptionsByClipScore(new ClipScoreFilterOptions { KeepPerCaptioner = 0, ImagesPerBatch = 0 }));
        foreach (var part in new[] { "KeepPerCaptioner", "ImagesPerBatch", "CheckpointFolder" }) Assert.Contains(part, e.Message);
    }

    [Fact]
    public void Load_SavedModel_KeepsOptionsAndMissesTheCheckpointOnlyWhenAsked()
    {
        var options = new ClipScoreFilterOptions { KeepPerCaptioner = 3, MinimumScore = 0.5, RemoveDuplicates = true, Prefix = "A ", Selection = CaptionSelectionRule.TopOverall, KeepOverall = 5, ImagesPerBatch = 7 };
        var zip = Path.Combine(_folder, "model.zip");
        _context.Model.Save(Create(options), null, zip);
        var loaded = (ClipScoreFilterTransformer)new MLContext().Model.Load(zip, out _);
        Assert.Equal((3, 0.5, true, "A ", CaptionSelectionRule.TopOverall, 5, 7), (loaded.Options.KeepPerCaptioner, loaded.Options.MinimumScore, loaded.Options.RemoveDuplicates,
            loaded.Options.Prefix, loaded.Options.Selection, loaded.Options.KeepOverall, loaded.Options.ImagesPerBatch));
        var view = loaded.Transform(Rows(Video("", SixCaptions)));
        Assert.Single(view.GetColumn<byte[]>("Frames"));
        Assert.Contains("'models/clip'", Assert.Throws<ModelFileException>(() => view.GetColumn<string[]>("Captions").ToList()).Message);
    }

    [Fact]
    public void Select_RuleThatIsNotKnown_IsRefused()
    {
        var options = new ClipScoreFilterOptions { Selection = (CaptionSelectionRule)9 };
        Assert.Contains("'9' is not known", Assert.Throws<InvalidOperationException>(() => options.Select([])).Message);
        Assert.Contains("'9' is not known", Assert.Throws<InvalidOperationException>(() => Create(options).Transform(Rows(Video("", SixCaptions)))).Message);
    }

    [Fact]
    public void Transform_Cancelled_Throws()
    {
        var view = Create(new() { CancellationToken = new CancellationToken(canceled: true) }).Transform(Rows(Video("", SixCaptions)));
        Assert.Throws<OperationCanceledException>(() => view.GetColumn<string[]>("Captions").ToList());
    }

    private static float Cosine(double degrees) => (float)Math.Cos(degrees * Math.PI / 180);

    private static SchemaDefinition SixTexts()
    {
        var definition = SchemaDefinition.Create(new { Captions = SixCaptions }.GetType());
        definition["Captions"].ColumnType = new VectorDataViewType(TextDataViewType.Instance, 6);
        return definition;
    }

    internal sealed class Row
    {
        [VectorType(6)] public string[] Given { get; set; } = [];
        [VectorType(3, Size, Size, 3)] public byte[] Frames { get; set; } = [];
        public string FrameError { get; set; } = "";
    }

    private sealed class Kept
    {
        public string[] Captions { get; set; } = [];
        [ColumnName("Captions.Scores")] public float[] Scores { get; set; } = [];
        [ColumnName("Captions.Frames")] public int[] FrameIndices { get; set; } = [];
    }
}
