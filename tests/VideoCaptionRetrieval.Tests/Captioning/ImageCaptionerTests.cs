using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Tests.Video;

namespace VideoCaptionRetrieval.Tests.Captioning;

public sealed class ImageCaptionerTests : IDisposable
{
    private const int Frames = 3;
    private readonly MLContext _context = new(seed: 1);
    private readonly CountingFrameReader _reader = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-captioner-").FullName;
    private readonly CountingCaptioner _first = new("first"), _second = new("second", size: 4);
    private int _opened;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IDataView Sampled(params string[] names)
    {
        var options = new FrameSamplerOptions
        {
            Columns = [new("Frames", new FrameFormat(2), Frames), new("LargeFrames", new FrameFormat(4), Frames), new("BlipFrames", new FrameFormat(64), Frames)],
            OnError = FrameErrorHandling.Report,
            ParallelVideos = 2,
        };
        return new FrameSamplerTransformer(_context, options, _reader.Read).Transform(_context.Data.LoadFromEnumerable(names.Select(name => new { VideoId = "id-" + name, VideoPath = Path.Combine(_folder, name) })));
    }

    private ImageCaptionerOptions Options(string? store = null, int images = 6) => new()
    {
        StorePath = store,
        ImagesPerBatch = images,
        Captioners = [Captioner.Custom("first", "Frames", () => { _opened++; return _first; }), Captioner.Custom("second", "LargeFrames", () => { _opened++; return _second; })],
    };

    private ImageCaptionerTransformer Fit(ImageCaptionerOptions? options = null) => _context.Transforms.CaptionFrames(options ?? Options()).Fit(Sampled("v1"));

    private static string[] Expected(int video) => [.. new[] { "first", "second" }.SelectMany(name => Enumerable.Range(0, Frames).Select(k => $"{name} {video + k}"))];

    [Fact]
    public void Transform_TwoCaptioners_CaptionerMajorWithSlotNames()
    {
        var view = Fit().Transform(Sampled("v1", "v5"));
        Assert.Equal([Expected(1), Expected(5)], view.GetColumn<string[]>("Captions"));
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Captions"].Annotations.GetValue("SlotNames", ref names);
        Assert.Equal(["first/0", "first/1", "first/2", "second/0", "second/1", "second/2"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Transform_Window_OneCallOfEachCaptioner()
    {
        var view = Fit(Options(images: 7)).Transform(Sampled("v0", "v1", "v2", "v3", "v4"));
        Assert.Equal(5, view.GetColumn<string[]>("Captions").Count());
        Assert.Equal([6, 6, 3], _first.Calls);
        Assert.Equal([6, 6, 3], _second.Calls);
        Assert.Equal(2, _opened);
        Assert.Equal(5, _reader.Calls.Count);                                // both columns from one decoding
    }

    [Fact]
    public void Transform_UnreadableVideo_EmptyCaptionsAndNoCall()
    {
        var captions = Fit().Transform(Sampled("bad1", "v1", "bad2")).GetColumn<string[]>("Captions").ToList();
        Assert.All(captions[0].Concat(captions[2]), text => Assert.Equal("", text));
        Assert.Equal(Expected(1), captions[1]);
        Assert.Equal(Frames, _first.Images);
    }

    [Fact]
    public void Transform_CaptionsNotAskedFor_NoCaptionerIsOpened()
    {
        var transformer = Fit();
        Assert.Equal(2, transformer.Transform(Sampled("v1", "v2")).GetColumn<byte[]>("Frames").Count());
        using var engine = _context.Model.CreatePredictionEngine<SampledRow, TimesOnly>(transformer, new PredictionEngineOptions { OwnsTransformer = false });
        engine.Predict(new SampledRow());
        Assert.Equal(0, _opened);
    }

    [Fact]
    public void PredictionEngine_Captions_SameAsView()
    {
        using var engine = _context.Model.CreatePredictionEngine<SampledRow, CaptionsOnly>(Fit());
        var row = new SampledRow();
        Array.Fill(row.Frames, (byte)9);
        Assert.Equal(["first 9", "first 9", "first 9", "second 0", "second 0", "second 0"], engine.Predict(row).Captions);
        Assert.Equal([3], _first.Calls);
    }

    [Fact]
    public void Dispose_OpenedCaptioners_AreDisposed()
    {
        var transformer = Fit();
        Assert.Single(transformer.Transform(Sampled("v1")).GetColumn<string[]>("Captions"));
        transformer.Dispose();
        Assert.True(_first.Disposed && _second.Disposed);
    }

    [Fact]
    public void Transform_StoreOfAnEarlierRun_IsReused()
    {
        File.WriteAllText(Path.Combine(_folder, "v1"), "one");
        File.WriteAllText(Path.Combine(_folder, "v2"), "two");
        var store = Path.Combine(_folder, "new", "store");
        var captions = Run(store, "v1");
        Assert.Equal((Frames, Frames), (_first.Images, _second.Images));
        Assert.Equal(captions, Run(store, "v1"));
        Assert.Equal((Frames, Frames), (_first.Images, _second.Images));    // nothing new

        Run(store, "v1", "v2");
        Assert.Equal((2 * Frames, 2 * Frames), (_first.Images, _second.Images));
        Assert.Equal(4 * Frames, File.ReadAllLines(Path.Combine(store, "captions.jsonl")).Length);
    }

    [Fact]
    public void Transform_OtherIdentityContentOrTimes_IsCaptionedAnew()
    {
        File.WriteAllText(Path.Combine(_folder, "v1"), "one");
        var store = Path.Combine(_folder, "store");
        Run(store, "v1");
        File.WriteAllText(Path.Combine(_folder, "v1"), "another");          // the same name, another video
        Run(store, "v1");
        Assert.Equal(2 * Frames, _first.Images);
        var other = new CountingCaptioner("first") { Identity = "other weights" };
        var options = new ImageCaptionerOptions { StorePath = store, Captioners = [Captioner.Custom("first", "Frames", () => other)] };
        Assert.Single(Fit(options).Transform(Sampled("v1")).GetColumn<string[]>("Captions").ToList());
        Assert.Equal(Frames, other.Images);
    }

    [Fact]
    public void Transform_FailsMidway_FinishedCaptionsAreInTheStore()
    {
        foreach (var name in new[] { "v1", "v2", "v3" }) File.WriteAllText(Path.Combine(_folder, name), name);
        var store = Path.Combine(_folder, "store");
        _first.BeforeCall = call => { if (call == 2) throw new IOException("the cable"); };
        var e = Assert.Throws<InvalidOperationException>(() => Run(store, images: 3, "v1", "v2", "v3"));
        foreach (var part in new[] { "captioner 'first'", "'id-v3'", "the cable" }) Assert.Contains(part, e.Message);
        _first.BeforeCall = null;
        Assert.Equal([Expected(1), Expected(2), Expected(3)], Run(store, images: 3, "v1", "v2", "v3"));
        Assert.Equal(3 * Frames, _first.Images);                            // none was made twice
    }

    [Fact]
    public void Transform_Cancelled_FinishedCaptionsAreInTheStore()
    {
        foreach (var name in new[] { "v1", "v2" }) File.WriteAllText(Path.Combine(_folder, name), name);
        var store = Path.Combine(_folder, "store");
        using var source = new CancellationTokenSource();
        _second.BeforeCall = _ => source.Cancel();
        var options = Options(store, images: 3);
        options.CancellationToken = source.Token;
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(options).Transform(Sampled("v1", "v2")).GetColumn<string[]>("Captions").ToList());
        Assert.Equal(Frames, File.ReadAllLines(Path.Combine(store, "captions.jsonl")).Length);
    }

    [Fact]
    public void Transform_OwnFramesWithStore_FramesStandForThemselves()
    {
        var store = Path.Combine(_folder, "store");
        var rows = _context.Data.LoadFromEnumerable([new SampledRow { Frames = [.. Enumerable.Range(0, 36).Select(i => (byte)(i / 12))] }]);
        for (var run = 0; run < 2; run++)
        {
            var captions = _context.Transforms.CaptionFrames("Captions", store, Captioner.Custom("first", "Frames", () => _first)).Fit(rows).Transform(rows).GetColumn<string[]>("Captions").Single();
            Assert.Equal(["first 0", "first 1", "first 2"], captions);
        }
        Assert.Equal(Frames, _first.Images);
    }

    [Fact]
    public void Report_ProgressAndLog_CountVideosCaptionsAndReuse()
    {
        File.WriteAllText(Path.Combine(_folder, "v1"), "one");
        var store = Path.Combine(_folder, "store");
        Run(store, "v1");
        var reports = new CollectingProgress();
        var lines = new List<string>();
        _context.Log += (_, line) => lines.Add(line.RawMessage);
        var options = Options(store);
        options.Progress = reports;
        Assert.Equal(2, Fit(options).Transform(Sampled("v1", "bad")).GetColumn<string[]>("Captions").ToList().Count);
        Assert.Equal(new CaptioningProgress(2, 0, 2 * Frames), reports.Values.Last());
        Assert.Contains(lines, line => line.Contains("6 taken from the store"));
    }

    [Fact]
    public void Transform_FramesOfAnotherFit_AreNotTakenFromTheStore()
    {
        File.WriteAllText(Path.Combine(_folder, "v1"), "a file");
        List<string[]> Caption(FrameFit fit)
        {
            var sampled = new FrameSamplerTransformer(_context, new FrameSamplerOptions { Columns = [new("Frames", new FrameFormat(2, fit), Frames)] }, _reader.Read)
                .Transform(_context.Data.LoadFromEnumerable([new { VideoPath = Path.Combine(_folder, "v1") }]));
            return [.. _context.Transforms.CaptionFrames("Captions", Path.Combine(_folder, "fits"), Captioner.Custom("first", "Frames", () => _first))
                .Fit(sampled).Transform(sampled).GetColumn<string[]>("Captions")];
        }
        Caption(FrameFit.CenterCrop);
        Caption(FrameFit.CenterCrop);
        Assert.Equal([3], _first.Calls);
        Caption(FrameFit.Stretch);
        Assert.Equal([3, 3], _first.Calls);
    }

    [Fact]
    public void Fit_WrongFrames_NamesColumnAndCaptioner()
    {
        var data = Sampled("v1");
        Assert.Contains("'Nothing'", Assert.Throws<ArgumentException>(() => _context.Transforms.CaptionFrames("C", null, Captioner.Custom("x", "Nothing", () => _first)).Fit(data)).Message);
        Assert.Contains("'VideoPath' is String", Assert.Throws<ArgumentException>(() => _context.Transforms.CaptionFrames("C", null, Captioner.Custom("x", "VideoPath", () => _first)).Fit(data)).Message);
        Assert.Contains("'models/absent'", Assert.Throws<ModelFileException>(() => _context.Transforms.CaptionFrames("C", null, Captioner.Blip("models/absent", "Frames")).Fit(data)).Message);
        var blip = Path.Combine(_folder, "blip");
        SmallModels.WriteBlip(blip, seed: 1);
        var e = Assert.Throws<ArgumentException>(() => _context.Transforms.CaptionFrames("C", null, Captioner.Blip(blip, "Frames")).Fit(data));
        foreach (var part in new[] { "'Frames'", "2×2", "64×64", blip }) Assert.Contains(part, e.Message);
        var own = _context.Transforms.CaptionFrames("C", null, Captioner.Custom("x", "LargeFrames", () => _first)).Fit(data).Transform(data);
        Assert.Contains("takes 2×2", Assert.Throws<ArgumentException>(() => own.GetColumn<string[]>("C").ToList()).Message);
    }

    [Fact]
    public void CaptionFrames_WrongOptions_ListsEveryOne()
    {
        var twice = Captioner.Custom("same", "Frames", () => _first);
        var e = Assert.Throws<ArgumentException>(() => _context.Transforms.CaptionFrames(new ImageCaptionerOptions { Captioners = [twice, twice], ImagesPerBatch = 0, StorePath = "" }));
        foreach (var part in new[] { "'same'", "ImagesPerBatch", "StorePath" }) Assert.Contains(part, e.Message);
        Assert.Contains("no captioner", Assert.Throws<ArgumentException>(() => _context.Transforms.CaptionFrames()).Message);
        Assert.Throws<ArgumentException>(() => Captioner.Blip("models/blip", "Frames", options: new GenerationOptions { Beams = 0 }));
    }

    [Fact]
    public void Load_OwnCaptioner_OnlyAskingForCaptionsIsAnError()
    {
        var zip = Path.Combine(_folder, "model.zip");
        _context.Model.Save(Fit(Options(Path.Combine(_folder, "store"), images: 5)), null, zip);
        var loaded = (ImageCaptionerTransformer)new MLContext().Model.Load(zip, out _);
        Assert.Equal((5, Path.Combine(_folder, "store")), (loaded.Options.ImagesPerBatch, loaded.Options.StorePath));
        var view = loaded.Transform(Sampled("v1"));
        Assert.Single(view.GetColumn<byte[]>("Frames"));
        Assert.Contains("Captioner.Custom", Assert.Throws<InvalidOperationException>(() => view.GetColumn<string[]>("Captions").ToList()).Message);
    }

    [Fact]
    public void Load_BlipWithoutItsFolder_OnlyAskingForCaptionsIsAnError()
    {
        var checkpoint = Path.Combine(_folder, "blip");
        SmallModels.WriteBlip(checkpoint, seed: 1);
        var zip = Path.Combine(_folder, "model.zip");
        var blip = Captioner.Blip(checkpoint, "BlipFrames", options: new GenerationOptions { Beams = 2, Prompt = "a picture of" });
        _context.Model.Save(_context.Transforms.CaptionFrames("Captions", null, blip).Fit(Sampled("v1")), null, zip);
        Directory.Delete(checkpoint, recursive: true);
        var loaded = (ImageCaptionerTransformer)new MLContext().Model.Load(zip, out _);
        var generation = loaded.Captioners.Single().Captioner.Generation!;
        Assert.Equal((2, "a picture of"), (generation.Beams, generation.Prompt));
        var view = loaded.Transform(Sampled("v1"));
        Assert.Single(view.GetColumn<byte[]>("Frames"));
        Assert.Contains(checkpoint, Assert.Throws<ModelFileException>(() => view.GetColumn<string[]>("Captions").ToList()).Message);
    }

    private List<string[]> Run(string store, params string[] videos) => Run(store, 6, videos);

    private List<string[]> Run(string store, int images, params string[] videos) =>
        Fit(Options(store, images)).Transform(Sampled(videos)).GetColumn<string[]>("Captions").ToList();

    private sealed class CollectingProgress : IProgress<CaptioningProgress>
    {
        internal List<CaptioningProgress> Values { get; } = [];
        public void Report(CaptioningProgress value) => Values.Add(value);
    }

    internal sealed class SampledRow
    {
        [VectorType(3, 2, 2, 3)] public byte[] Frames { get; set; } = new byte[36];
        [VectorType(3, 4, 4, 3)] public byte[] LargeFrames { get; set; } = new byte[144];
    }

    private sealed class CaptionsOnly
    {
        public string[] Captions { get; set; } = [];
    }

    private sealed class TimesOnly
    {
        public byte[] Frames { get; set; } = [];
    }
}
