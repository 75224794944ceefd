using Microsoft.ML;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Tests.Interop;

/// <summary>Components as version 0.1 of the library saved them: values in one order, without names.</summary>
public sealed class Version1Tests : IDisposable
{
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _extracted = [];
    private readonly List<string> _warnings = [];

    public void Dispose()
    {
        _checkpoint.Dispose();
        foreach (var folder in _extracted.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Load_FrameSampler_SameOptions()
    {
        var loaded = Load<FrameSamplerTransformer>("VCRFRAME", FrameSamplerTransformer.LoaderName, writer =>
        {
            writer.Write("Path");
            writer.Write("Id");
            writer.Write("From");
            writer.Write("To");
            writer.Write((int)FrameErrorHandling.Report);
            writer.Write((int?)3);
            writer.Write(2);                                    // columns
            WriteColumn(writer, "Frames", 4, new(224), FrameSelectionKind.SegmentMiddles);
            WriteColumn(writer, "Others", 5, new(9, FrameFit.Pad, CropRule.HuggingFace, ResizeFilter.Bilinear), FrameSelectionKind.At, 0.25, 1.5);
        });

        var options = loaded.Options;
        Assert.Equal(("Path", "Id", "From", "To", FrameErrorHandling.Report, 3), (options.InputColumnName, options.VideoIdColumnName,
            options.ClipStartColumnName, options.ClipEndColumnName, options.OnError, options.ParallelVideos));
        var other = new FrameFormat(9, FrameFit.Pad, CropRule.HuggingFace, ResizeFilter.Bilinear);
        Assert.Equal([("Frames", 4, new FrameFormat(224), "SegmentMiddles"), ("Others", 5, other, "At 0.25, 1.5 s")],
            loaded.Columns.Select(column => (column.Name, column.Count, column.Format, $"{column.Selection}")));
    }

    [Fact]
    public void Load_ClipScoreFilter_SameOptions()
    {
        var options = Load<ClipScoreFilterTransformer>("VCRCLIPS", ClipScoreFilterTransformer.LoaderName, writer =>
        {
            WriteCheckpoint(writer, new("models/clip", 224, "f00d"));
            writer.Write("Texts");
            writer.Write("Pictures");
            writer.Write((int)CaptionSelectionRule.Random);
            writer.Write(3);
            writer.Write(5);
            writer.Write((double?)0.25);
            writer.Write(true);
            writer.Write("A photo depicts ");
            writer.Write(9);
            writer.Write(4);
            writer.Write(0.3);
        }).Options;

        Assert.Equal(("models/clip", "Texts", "Pictures", CaptionSelectionRule.Random),
            (options.CheckpointFolder, options.CaptionsColumnName, options.FramesColumnName, options.Selection));
        Assert.Equal((3, 5, 0.25, true), (options.KeepPerCaptioner, options.KeepOverall, options.MinimumScore, options.RemoveDuplicates));
        Assert.Equal(("A photo depicts ", 9, 4), (options.Prefix, options.ImagesPerBatch, options.Seed));
    }

    [Fact]
    public void Load_ImageCaptioner_SameOptions()
    {
        var loaded = Load<ImageCaptionerTransformer>("VCRCAPTN", ImageCaptionerTransformer.LoaderName, writer =>
        {
            writer.Write("Texts");
            writer.Write("the/store");
            writer.Write(5);
            writer.Write(3);                                    // captioners
            WriteCaptioner(writer, CaptionerKind.Custom, "mine");
            WriteCaptioner(writer, CaptionerKind.Checkpoint, "blip");
            WriteCheckpoint(writer, new("models/blip", 64, "f00d", IsCaptioner: true));
            writer.Write("""
                {"Beams":1,"MinLength":6,"MaxLength":21,"RepetitionPenalty":1.1,"NoRepeatNgramSize":2,"LengthPenalty":0.9,"EarlyStopping":true,
                "TopP":0.8,"TopK":40,"Temperature":0.7,"Seed":3,"StopToken":"!","Prompt":"a \u0022picture\u0022 of"}
                """);
            WriteCaptioner(writer, CaptionerKind.Checkpoint, "clipcap");
            WriteCheckpoint(writer, new("models/clipcap", 64, "beef", IsCaptioner: true, "models/clip"));
            writer.Write((string?)null);
        });

        Assert.Equal(("Texts", "the/store", 5), (loaded.Options.OutputColumnName, loaded.Options.StorePath, loaded.Options.ImagesPerBatch));
        Assert.Equal(
            [
                ("mine", CaptionerKind.Custom, "", null),
                ("blip", CaptionerKind.Checkpoint, "models/blip", null),
                ("clipcap", CaptionerKind.Checkpoint, "models/clipcap", "models/clip"),
            ],
            loaded.Captioners.Select(one => one.Captioner).Select(one => (one.Name, one.Kind, one.Folder, one.Clip)));
        Assert.Equal([null, 64, 64], loaded.Captioners.Select(one => one.FrameSize));
        var generation = loaded.Captioners[1].Captioner.Generation!;
        Assert.Equal((1, 6, 21, 1.1f, 2, 0.9, true), (generation.Beams, generation.MinLength, generation.MaxLength, generation.RepetitionPenalty,
            generation.NoRepeatNgramSize, generation.LengthPenalty, generation.EarlyStopping));
        Assert.Equal((0.8, 40, 0.7, 3, "!", "a \"picture\" of"),
            (generation.TopP, generation.TopK, generation.Temperature, generation.Seed, generation.StopToken, generation.Prompt));
        Assert.All([loaded.Captioners[0], loaded.Captioners[2]], one => Assert.Null(one.Captioner.Generation));
    }

    [Fact]
    public void Load_Retrieval_SameSettingsAndCheckpoint()
    {
        using var loaded = Load<MultiCaptionRetrievalTransformer>("MCRETRVL", MultiCaptionRetrievalTransformer.LoaderName, writer =>
        {
            writer.Write("Pictures");
            writer.Write("Fault");
            writer.Write(7);
            writer.Write(0.4);
            writer.Write((int)FramePooling.Mean);
            writer.Write(true);
            ModelFolder.Write(writer, "checkpoint", _checkpoint.Folder);
        });
        _extracted.Add(loaded.CheckpointFolder);

        Assert.Equal(("Pictures", 7), (loaded.FramesColumn, loaded.FrameCount));
        Assert.Contains(_warnings, warning => warning.Contains("reads errors of videos from the column 'Fault'", StringComparison.Ordinal));
        Assert.Equal((FramePooling.Mean, 0.4, true), (loaded.Pooling, loaded.Temperature, loaded.Scoring.NormaliseFrames));
        using var expected = _context.VideoRetrieval.FromCheckpoint(_checkpoint.Folder);
        Assert.Equal(expected.EmbedText("a red ball"), loaded.EmbedText("a red ball"));
    }

    [Fact]
    public void SaveAndLoad_OfAnOldFile_IsNewAndTheSame()
    {
        var old = Load<FrameSamplerTransformer>("VCRFRAME", FrameSamplerTransformer.LoaderName, writer =>
        {
            foreach (var column in new[] { "Path", "Id", "From", "To" }) writer.Write(column);
            writer.Write((int)FrameErrorHandling.Report);
            writer.Write((int?)null);
            writer.Write(1);
            WriteColumn(writer, "Frames", 4, new(224), FrameSelectionKind.Every, 0.5);
        });
        var zip = Path.Combine(_checkpoint.Folder, "..", "new.zip");
        _context.Model.Save(old, null, zip);

        var again = (FrameSamplerTransformer)new MLContext().Model.Load(zip, out _);

        Assert.Equal(("Path", null, "Every 0.5 s"), (again.Options.InputColumnName, again.Options.ParallelVideos, $"{again.Columns[0].Selection}"));
        using var archive = System.IO.Compression.ZipFile.OpenRead(zip);
        Assert.Contains(archive.Entries, entry => entry.Name == "settings.json");
    }

    private T Load<T>(string signature, string loader, Action<ModelWriter> write) where T : class, ITransformer
    {
        _context.Model.Save(new PartOfAModel(_context, new(signature, loader, Version: 1), write), null, _checkpoint.Zip);
        var context = new MLContext();
        context.Log += (_, log) =>
        {
            if (log.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) _warnings.Add(log.Message);
        };
        return (T)context.Model.Load(_checkpoint.Zip, out _);
    }

    private static void WriteColumn(
        ModelWriter writer, string name, int count, FrameFormat format, FrameSelectionKind selection, params double[] seconds)
    {
        writer.Write(name);
        writer.Write(count);
        writer.Write(format.Size);
        writer.Write((int)format.Fit);
        writer.Write((int)format.CropRule);
        writer.Write((int)format.Filter);
        writer.Write((int)selection);
        writer.Write(seconds, writer.Write);
    }

    private static void WriteCheckpoint(ModelWriter writer, CheckpointReference checkpoint)
    {
        writer.Write(checkpoint.Folder);
        writer.Write(checkpoint.FrameSize);
        writer.Write(checkpoint.Fingerprint);
        writer.Write(checkpoint.IsCaptioner);
        writer.Write(checkpoint.Clip);
    }

    private static void WriteCaptioner(ModelWriter writer, CaptionerKind kind, string name)
    {
        writer.Write((int)kind);
        writer.Write(name);
        writer.Write("Frames");
    }
}
