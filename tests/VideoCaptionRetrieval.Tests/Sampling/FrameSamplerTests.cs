using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Tests.Video;

namespace VideoCaptionRetrieval.Tests.Sampling;

public sealed class FrameSamplerTests : IDisposable
{
    private readonly MLContext _context = new(seed: 1);
    private readonly CountingFrameReader _reader = new();
    private readonly FrameColumn _small = new("Frames", new FrameFormat(2), count: 3);
    private readonly FrameColumn _large = new("LargeFrames", new FrameFormat(4, FrameFit.Stretch), count: 2);
    private readonly string _zip = Path.GetTempFileName();

    public void Dispose() => File.Delete(_zip);

    private FrameSamplerTransformer Create(FrameErrorHandling onError = FrameErrorHandling.Throw, int parallel = 4) =>
        new(_context, new FrameSamplerOptions { Columns = [_small, _large], OnError = onError, ParallelVideos = parallel }, _reader.Read);

    private IDataView Videos(params string[] paths) => _context.Data.LoadFromEnumerable(paths.Select(path => new { VideoId = "id-" + path, VideoPath = path }));

    private static string[] Numbered(int count) => [.. Enumerable.Range(0, count).Select(i => $"v{i}")];

    [Fact]
    public void Transform_AllColumns_TypesValuesAndOneDecodingAVideo()
    {
        var view = Create().Transform(Videos(Numbered(6)));
        Assert.Equal(["VideoId", "VideoPath", "Frames", "Frames.Times", "LargeFrames", "LargeFrames.Times", "FrameError"], view.Schema.Select(column => column.Name));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Byte, 3, 2, 2, 3), view.Schema["Frames"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Double, 2), view.Schema["LargeFrames.Times"].Type);
        var rows = _context.Data.CreateEnumerable<Row>(view, reuseRowObject: false).ToList();
        Assert.Equal(6, _reader.Calls.Count);
        Assert.All(_reader.Calls, call => Assert.Equal([(3, 2), (2, 4)], call.Requests.Select(request => (request.Count, request.Format.Size))));
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal([.. Enumerable.Repeat((byte)i, 12), .. Enumerable.Repeat((byte)(i + 1), 12), .. Enumerable.Repeat((byte)(i + 2), 12)], rows[i].Frames);
            Assert.Equal([i, i + 0.25, i + 0.5], rows[i].Times);
            Assert.Equal(2 * 48, rows[i].LargeFrames.Length);
            Assert.Equal("", rows[i].FrameError);
        }
    }

    [Fact]
    public void GetRowCursor_OneColumn_OtherColumnsAreNotPrepared()
    {
        var view = Create().Transform(Videos(Numbered(3)));
        Assert.Equal(3, view.GetColumn<double[]>("Frames.Times").Count());
        Assert.All(_reader.Calls, call => Assert.Equal(2, Assert.Single(call.Requests).Format.Size));
        Assert.Equal(3, _reader.Calls.Count);
    }

    [Fact]
    public void GetRowCursor_OnlyPaths_NothingIsDecoded()
    {
        Assert.Equal(Numbered(3), Create().Transform(Videos(Numbered(3))).GetColumn<string>("VideoPath"));
        Assert.Empty(_reader.Calls);
    }

    [Fact]
    public void GetGetter_AfterTheWindowIsDecoded_DecodesAgainWithItsColumn()
    {
        var view = Create().Transform(Videos(Numbered(2)));
        using var cursor = view.GetRowCursor(view.Schema);
        cursor.MoveNext();
        VBuffer<double> times = default;
        VBuffer<byte> frames = default;
        cursor.GetGetter<VBuffer<double>>(view.Schema["Frames.Times"])(ref times);
        cursor.GetGetter<VBuffer<byte>>(view.Schema["LargeFrames"])(ref frames);
        Assert.Equal(96, frames.GetValues().Length);
        // Of the row ahead, the first decoding may be given up before it begins.
        Assert.Equal(2, _reader.Calls.Count(call => call.Clip.Path == Numbered(1)[0]));
    }

    [Fact]
    public void Transform_UnreadableVideoReported_ZerosNaNAndReason()
    {
        var rows = _context.Data.CreateEnumerable<Row>(Create(FrameErrorHandling.Report).Transform(Videos("v1", "bad", "v2")), reuseRowObject: false).ToList();
        Assert.Equal(["", "there is no video stream", ""], rows.Select(row => row.FrameError));
        Assert.All(rows[1].Frames, value => Assert.Equal(0, value));
        Assert.All(rows[1].Times, value => Assert.Equal(double.NaN, value));
        Assert.Equal(2, rows[2].Frames[0]);
        Assert.Equal(3, _reader.Calls.Count);
    }

    [Fact]
    public void Transform_UnreadableVideoThrows_RowsBeforeItAreGivenAndErrorNamesIt()
    {
        var view = Create().Transform(Videos("v1", "bad", "v2"));
        using var cursor = view.GetRowCursor([view.Schema["Frames"]]);
        var getter = cursor.GetGetter<VBuffer<byte>>(view.Schema["Frames"]);
        VBuffer<byte> frames = default;
        cursor.MoveNext();
        getter(ref frames);
        Assert.Equal(1, frames.GetItemOrDefault(0));
        cursor.MoveNext();
        var e = Assert.Throws<VideoReadException>(() => getter(ref frames));
        Assert.Contains("'bad'", e.Message);
        Assert.Contains("'id-bad'", e.Message);
        Assert.Contains("no video stream", e.Message);
    }

    [Fact]
    public void Transform_ClipColumns_ReachTheReader()
    {
        var parts = _context.Data.LoadFromEnumerable([new { VideoPath = "v1", ClipStart = 1.5f, ClipEnd = float.NaN }]);
        Assert.Single(Create().Transform(parts).GetColumn<string>("FrameError"));
        var clip = _reader.Calls.Single().Clip;
        Assert.Equal(new VideoClip("v1#1.5-", "v1", 1.5, double.NaN), clip);       // a part has a name of its own
    }

    [Fact]
    public void Transform_WrongColumns_NamesThem()
    {
        var estimator = _context.Transforms.SampleFrames("VideoPath", _small);
        Assert.Contains("'VideoPath' (String) is missing", Assert.Throws<ArgumentException>(() => estimator.Fit(_context.Data.LoadFromEnumerable([new { Path = "v1" }]))).Message);
        Assert.Contains("'ClipStart' is Double, expected Single", Assert.Throws<ArgumentException>(() => estimator.Fit(_context.Data.LoadFromEnumerable([new { VideoPath = "v1", ClipStart = 1.0 }]))).Message);
    }

    [Fact]
    public void SampleFrames_WrongOptions_ListsEveryOne()
    {
        var e = Assert.Throws<ArgumentException>(() => _context.Transforms.SampleFrames(new FrameSamplerOptions { Columns = [_small, _small], ParallelVideos = 0, InputColumnName = "" }));
        foreach (var part in new[] { "'Frames'", "ParallelVideos", "InputColumnName" }) Assert.Contains(part, e.Message);
        Assert.Contains("no frame column", Assert.Throws<ArgumentException>(() => _context.Transforms.SampleFrames("VideoPath")).Message);
    }

    [Fact]
    public void Fit_InAChain_ShapeAndAnnotationReachTheNextEstimator()
    {
        var chain = _context.Transforms.SampleFrames("VideoPath", _small).Append(_context.Transforms.CopyColumns("Again", "Frames"));
        var view = chain.Fit(Videos("v1")).Transform(Videos("v1"));
        foreach (var name in new[] { "Frames", "Again" })
        {
            Assert.True(FrameSourceAnnotation.TryGet(view.Schema[name], out FrameSourceAnnotation? annotation));
            Assert.Equal(("VideoPath", 3, new FrameFormat(2)), (annotation.Clips.Path, annotation.Count, annotation.Source.Format));
            Assert.True(FrameSourceAnnotation.TryGet(view.Schema[name], out IFrameSource? _));
        }
        Assert.False(FrameSourceAnnotation.TryGet(view.Schema["Frames.Times"], out IFrameSource? _));
    }

    [Fact]
    public void Load_SavedModel_SameOptionsAndSource()
    {
        var estimator = _context.Transforms.SampleFrames(new FrameSamplerOptions { Columns = [_small, _large], OnError = FrameErrorHandling.Report, ParallelVideos = 3, ClipStartColumnName = "From" });
        _context.Model.Save(estimator.Fit(Videos("v1")), Videos("v1").Schema, _zip);
        var loaded = (FrameSamplerTransformer)new MLContext().Model.Load(_zip, out var schema);
        Assert.Equal(["VideoId", "VideoPath"], schema.Select(column => column.Name));
        Assert.Equal(loaded.Columns.Select(column => (column.Name, column.Count, column.Format)), [(_small.Name, 3, _small.Format), (_large.Name, 2, _large.Format)]);
        Assert.All(loaded.Columns, column => Assert.Same(FrameSelection.SegmentMiddles, column.Selection));
        Assert.Equal((FrameErrorHandling.Report, 3, "From"), (loaded.OnError, loaded.Options.ParallelVideos, loaded.Options.ClipStartColumnName));
        Assert.True(FrameSourceAnnotation.TryGet(loaded.GetOutputSchema(schema)["LargeFrames"], out IFrameSource? source));
        Assert.Equal(_large.Format, source.Format);
    }

    [Fact]
    public void Load_SavedModelWithASelection_SameSelection()
    {
        var column = new FrameColumn("Frames", new FrameFormat(8, FrameFit.Pad), 4) { Selection = FrameSelection.Every(0.5) };
        _context.Model.Save(_context.Transforms.SampleFrames("VideoPath", column).Fit(Videos("v1")), Videos("v1").Schema, _zip);
        var loaded = Assert.Single(((FrameSamplerTransformer)new MLContext().Model.Load(_zip, out _)).Columns);
        Assert.Equal((column.Format, 4, "Every 0.5 s"), (loaded.Format, loaded.Count, $"{loaded.Selection}"));
    }

    [Fact]
    public void Cache_SampledFrames_DecodesOnceAndKeepsTheSource()
    {
        var cached = _context.Data.Cache(Create().Transform(Videos(Numbered(5))), "Frames");
        Assert.Equal(cached.GetColumn<byte[]>("Frames"), cached.GetColumn<byte[]>("Frames"));
        Assert.Equal(5, _reader.Calls.Count);
        Assert.True(FrameSourceAnnotation.TryGet(cached.Schema["Frames"], out IFrameSource? _));
    }

    [Fact]
    public void SaveAsBinary_SampledFrames_KeepsTheBytes()
    {
        using (var file = File.Create(_zip)) _context.Data.SaveAsBinary(Create().Transform(Videos(Numbered(3))), file);
        var read = _context.Data.LoadFromBinary(_zip);
        Assert.Equal(Create().Transform(Videos(Numbered(3))).GetColumn<byte[]>("Frames"), read.GetColumn<byte[]>("Frames"));
    }

    [Fact]
    public void PredictionEngine_FramesOfOneColumn_DecodesForItAlone()
    {
        using var engine = _context.Model.CreatePredictionEngine<PathRow, TimesRow>(Create());
        Assert.Equal([7, 7.25, 7.5], engine.Predict(new() { VideoPath = "v7" }).Times);
        Assert.Equal([8, 8.25, 8.5], engine.Predict(new() { VideoPath = "v8" }).Times);
        Assert.Equal(2, _reader.Calls.Count);
        Assert.All(_reader.Calls, call => Assert.Single(call.Requests));
    }

    [Fact]
    public void GetRowCursor_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        var transformer = new FrameSamplerTransformer(_context, new FrameSamplerOptions { Columns = [_small], CancellationToken = source.Token }, _reader.Read);
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => transformer.Transform(Videos("v1")).GetColumn<byte[]>("Frames").ToList());
    }

    [Theory]
    [InlineData("", 2, 1)]
    [InlineData("Frames", 0, 1)]
    [InlineData("Frames", 2, 0)]
    public void FrameColumn_WrongValues_Refused(string name, int size, int count) => Assert.ThrowsAny<ArgumentException>(() => new FrameColumn(name, new FrameFormat(size), count));

    private sealed class PathRow
    {
        public string VideoPath { get; set; } = "";
    }

    private sealed class TimesRow
    {
        [ColumnName("Frames.Times")]
        public double[] Times { get; set; } = [];
    }

    private sealed class Row
    {
        public byte[] Frames { get; set; } = [];
        [ColumnName("Frames.Times")]
        public double[] Times { get; set; } = [];
        public byte[] LargeFrames { get; set; } = [];
        public string FrameError { get; set; } = "";
    }
}
