using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Tests.Video;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests;

/// <summary>Sampler, captioner and filter together, with small checkpoints of the reference data.</summary>
public sealed class PipelineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-pipeline-").FullName;
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Blip => Path.Combine(ReferenceFolder.Fixtures, "blip-caption-fullvocab", "model");

    private static string Clip => Path.Combine(ReferenceFolder.Fixtures, "clip-hf-safetensors-fp32", "model");

    private IEstimator<TransformerChain<ClipScoreFilterTransformer>> Pipeline() => _context.Transforms.SampleFrames("VideoPath",
            FrameColumn.For("Frames", Clip, count: 3),
            FrameColumn.For("LargeFrames", Blip, count: 3))
        .Append(_context.Transforms.CaptionFrames("Captions", storePath: Path.Combine(_folder, "captions"), captioners: [
            Captioner.Blip(Blip, framesColumn: "LargeFrames")]))
        .Append(_context.Transforms.FilterCaptionsByClipScore("Captions", "Frames", Clip, keepPerCaptioner: 2));

    [SkippableFact]
    public void Fit_VideosToChosenCaptions_SameAfterLoadingAndByPredictionEngine()
    {
        ReferenceFolder.SkipWhereAbsent(Blip);
        InstalledFfmpeg.SkipWhereAbsent();
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "videos")).FullName;
        foreach (var source in new[] { "testsrc", "smptebars", "mandelbrot" }) InstalledFfmpeg.MakeClip(Path.Combine(folder, source + ".mp4"), source);
        var videos = _context.Data.LoadFromVideoFolder(folder);
        var model = Pipeline().Fit(videos);
        var kept = Read(_context, model.Transform(videos));

        Assert.Equal(3, kept.Count);
        Assert.All(kept, row => Assert.All(row.Scores, score => Assert.True(float.IsNaN(score) || score is >= 0 and <= 2.6f)));
        Assert.All(kept, row => Assert.True(!(row.Scores[0] < row.Scores[1])));
        Assert.Equal(9, File.ReadAllLines(Path.Combine(_folder, "captions", "captions.jsonl")).Length);

        var zip = Path.Combine(_folder, "model.zip");
        _context.Model.Save(model, videos.Schema, zip);
        var other = new MLContext();
        var loaded = other.Model.Load(zip, out _);
        var again = Read(other, loaded.Transform(videos));
        using var engine = other.Model.CreatePredictionEngine<PathRow, Kept>(loaded);
        foreach (var ((first, second), path) in kept.Zip(again).Zip(videos.GetColumn<string>("VideoPath")))
        {
            var single = engine.Predict(new() { VideoPath = path });
            Assert.Equal(first.Captions, second.Captions);
            Assert.Equal(first.Captions, single.Captions);
            Assert.Equal(first.Scores, second.Scores);
            Assert.Equal(first.Scores, single.Scores, (a, b) => float.IsNaN(a) == float.IsNaN(b) && !(Math.Abs(a - b) > 1e-5f));
        }
    }

    private static List<Kept> Read(MLContext context, IDataView view) => [.. context.Data.CreateEnumerable<Kept>(view, reuseRowObject: false)];

    private sealed class PathRow
    {
        public string VideoPath { get; set; } = "";
    }

    private sealed class Kept
    {
        public string[] Captions { get; set; } = [];
        [ColumnName("Captions.Scores")] public float[] Scores { get; set; } = [];
    }
}
