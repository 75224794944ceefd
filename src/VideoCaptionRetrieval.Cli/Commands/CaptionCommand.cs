using System.CommandLine;
using Microsoft.ML;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr caption: captions the sampled frames of videos into a file of JSON lines.</summary>
internal static class CaptionCommand
{
    private sealed record Settings(IReadOnlyList<string> Paths, IReadOnlyList<string> Captioners, int Count, GenerationOptions Generation, string Output);

    internal static Command Create(CommandHost host)
    {
        var command = new Command("caption", "Captions frames of videos.");
        var inputs = new CaptionerInputs(command);
        var count = CommonOptions.Whole("--count", "Frames of a video, one from the middle of each of so many equal parts.", FrameColumn.DefaultCount, minimum: 1);
        var decoding = new DecodingOptions();
        var output = CommonOptions.Output("The file to write: lines with \"video\", \"captioner\", \"frame\", \"time\", \"caption\".");
        command.Options.Add(output);
        command.Options.Add(count);
        decoding.AddTo(command);
        return host.HandleVideos(command, (parsed, context) =>
        {
            var (paths, captioners) = inputs.Read(parsed);
            return Run(context, new(paths, captioners, parsed.GetValue(count), decoding.Read(parsed), parsed.GetRequiredValue(output)));
        });
    }

    private static int Run(CommandContext context, Settings settings)
    {
        var captioners = NamedCaptioner.Parse(settings.Captioners);
        var clips = VideoListing.Read(settings.Paths);
        OutputFile.Check(settings.Output);
        var store = settings.Output + ".partial";           // finished captions, until the file is complete
        var lines = WorkProgress.Show(context, progress =>
        {
            progress.Begin($"captioning {clips.Count:#,0} videos", clips.Count, WorkProgress.Continues);
            return Caption(context, settings, captioners, clips, store, progress);
        });
        var videos = clips.Count - context.Skipped.Count;
        if (videos > 0) OutputFile.WriteJsonLines(settings.Output, lines);
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
        using var sampler = VideoInputs.Sampler(mlContext, context, [.. columns.Values]).Fit(videos);
        var frames = sampler.Transform(videos);
        using var captioner = CaptioningStage.Fit(mlContext, context, frames, captioners, columns, settings.Generation, store, progress);
        return ReadLines(context, captioner.Transform(frames), columns.Values.First(), clips, captioners);
    }

    private static List<object> ReadLines(CommandContext context, IDataView view, FrameColumn column, IReadOnlyList<VideoClip> clips, List<NamedCaptioner> captioners)
    {
        var (errorColumn, captionColumn) = (view.Schema[FrameSamplerTransformer.ErrorColumn], view.Schema[ImageCaptionerOptions.DefaultOutputColumnName]);
        var timesColumn = view.Schema[FrameSamplerTransformer.TimesColumn(column.Name)];       // the same for every column
        using var cursor = view.GetRowCursor([errorColumn, captionColumn, timesColumn]);
        var readError = RowReader.Text(cursor, errorColumn);
        var readCaptions = RowReader.List<ReadOnlyMemory<char>>(cursor, captionColumn);
        var readTimes = RowReader.List<double>(cursor, timesColumn);
        var lines = new List<object>();
        for (var row = 0; cursor.MoveNext(); row++)
        {
            if (readError() is { Length: > 0 } error) context.Skip(new(clips[row].VideoId, error));
            else lines.AddRange(Lines(clips[row], captioners, readCaptions(), readTimes()));
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
