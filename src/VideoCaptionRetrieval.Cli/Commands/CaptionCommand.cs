using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr caption: captions the sampled frames of videos into a file of JSON lines.</summary>
internal static class CaptionCommand
{
    private sealed record Settings(IReadOnlyList<string> Paths, IReadOnlyList<string> Captioners, int Count, GenerationOptions Generation, string Output);

    internal static Command Create(CommandHost host)
    {
        var paths = VideoInputs.Argument();
        var captioners = NamedCaptioner.Option(required: true);
        var count = new Option<int>("--count") { Description = $"Frames of a video; {FrameColumn.DefaultCount} by default.", DefaultValueFactory = _ => FrameColumn.DefaultCount };
        count.Validators.Add(Validators.AtLeast(1));
        var decoding = new DecodingOptions();
        var output = new Option<string>("--out") { Description = "The file to write: lines with \"video\", \"captioner\", \"frame\", \"time\", \"caption\".", Required = true };
        var command = new Command("caption", "Captions the frames of videos.") { paths, captioners, count, output };
        decoding.AddTo(command);
        return host.Handle(command, (parsed, context) => Run(context, new(
            parsed.GetRequiredValue(paths), parsed.GetRequiredValue(captioners), parsed.GetValue(count), decoding.Read(parsed), parsed.GetRequiredValue(output))));
    }

    private static int Run(CommandContext context, Settings settings)
    {
        var captioners = NamedCaptioner.Parse(settings.Captioners);
        var clips = VideoListing.Read(settings.Paths);
        var store = settings.Output + ".partial";           // finished captions, until the file is complete
        var lines = WorkProgress.Show(context, $"captioning {clips.Count:#,0} videos", clips.Count, progress =>
            Caption(context, settings, captioners, clips, store, progress));
        var videos = clips.Count - context.Skipped.Count;
        if (videos > 0) JsonLinesFile.Write(settings.Output, lines);
        if (Directory.Exists(store)) Directory.Delete(store, recursive: true);
        context.Print(
            new { videos, captions = lines.Count, @out = settings.Output, skipped = context.SkippedJson },
            videos > 0 ? [$"{settings.Output}: {lines.Count} captions of {videos} videos"] : []);
        return context.Finish(videos);
    }

    private static List<object> Caption(CommandContext context, Settings settings, List<NamedCaptioner> captioners,
        IReadOnlyList<VideoClip> clips, string store, WorkProgress progress)
    {
        var mlContext = context.CreateMLContext();
        var columns = NamedCaptioner.Columns(captioners.Select(captioner => captioner.Format), settings.Count);
        var videos = VideoInputs.Load(mlContext, clips);
        var pipeline = VideoInputs.Sampler(mlContext, context, [.. columns.Values]).Append(mlContext.Transforms.CaptionFrames(new ImageCaptionerOptions
        {
            Captioners = [.. captioners.Select(captioner => captioner.Open(columns[captioner.Format], settings.Generation))],
            StorePath = store,
            CancellationToken = context.Cancellation,
        }));
        using var model = pipeline.Fit(videos);
        var view = model.Transform(videos);

        var (errorColumn, captionColumn) = (view.Schema[FrameSamplerTransformer.ErrorColumn], view.Schema[ImageCaptionerOptions.DefaultOutputColumnName]);
        var timesColumn = view.Schema[FrameSamplerTransformer.TimesColumn(columns.Values.First().Name)];       // the same for every column
        using var cursor = view.GetRowCursor([errorColumn, captionColumn, timesColumn]);
        var readError = cursor.GetGetter<ReadOnlyMemory<char>>(errorColumn);
        var readCaptions = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(captionColumn);
        var readTimes = cursor.GetGetter<VBuffer<double>>(timesColumn);
        var (error, captions, times) = (default(ReadOnlyMemory<char>), default(VBuffer<ReadOnlyMemory<char>>), default(VBuffer<double>));
        var lines = new List<object>();
        for (var row = 0; cursor.MoveNext(); progress.Report(++row))
        {
            readError(ref error);
            if (error.Length > 0)
            {
                context.Skip(new(clips[row].VideoId, error.ToString()));
                continue;
            }
            readCaptions(ref captions);
            readTimes(ref times);
            lines.AddRange(Lines(clips[row], captioners, [.. captions.DenseValues()], [.. times.DenseValues()]));
        }
        return lines;
    }

    private static IEnumerable<object> Lines(VideoClip clip, List<NamedCaptioner> captioners, ReadOnlyMemory<char>[] captions, double[] times)
    {
        for (var slot = 0; slot < captions.Length; slot++)      // captioner-major
        {
            var frame = slot % times.Length;
            var line = CaptionLine.NamingKeys(clip);
            line["captioner"] = captioners[slot / times.Length].Name;
            line["frame"] = frame;
            line["time"] = times[frame];
            line["caption"] = captions[slot].ToString();
            yield return line;
        }
    }
}
