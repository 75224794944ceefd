using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr caption: captions the sampled frames of videos into a file of JSON lines.</summary>
internal static class CaptionCommand
{
    private sealed record Settings(IReadOnlyList<string> Paths, CaptionerSettings Captioners, int Count, string? Output, string? Store, Shard? Shard)
    {
        /// <summary>Finished captions: a folder that stays, or one that goes when the file is complete.</summary>
        internal string StoreFolder => Store ?? Output + ".partial";
    }

    internal static Command Create(CommandHost host)
    {
        var command = new Command("caption", "Caption frames of videos.");
        var inputs = new CaptionerInputs(command);
        var count = CommonOptions.Whole("--count", "Frames per video, one from the middle of each of N equal segments.", FrameColumn.DefaultCount, minimum: 1, CommonOptions.MaxFrames);
        var output = new Option<string?>("--out")
        {
            Description = "The file to write: lines with \"video\", \"captioner\", \"frame\", \"time\", \"caption\".",
            HelpName = "FILE",
        };
        var store = new Option<string?>("--store")
        {
            Description = "Keep every caption in this folder as it is made, for later runs and other processes; see 'vcr captions'.",
            HelpName = "STORE",
        };
        var shard = new Option<string?>("--shard")
        {
            Description = "Caption the I-th of N equal shares of the videos, so that N processes fill one --store, or stores to be merged.",
            HelpName = "I/N",
        };
        foreach (var option in new Option[] { output, store, shard, count }) command.Options.Add(option);
        return host.HandleVideos(command, (parsed, context) =>
        {
            var (paths, captioners) = inputs.Read(parsed);
            var settings = new Settings(
                paths, captioners, parsed.GetValue(count), parsed.GetValue(output), parsed.GetValue(store), Shard.Parse(parsed.GetValue(shard)));
            return settings.Output is null && settings.Store is null
                ? throw new UsageException("Give --out FILE, --store STORE, or both.")
                : Run(context, settings);
        });
    }

    private static int Run(CommandContext context, Settings settings)
    {
        var captioners = settings.Captioners.Parse();
        var all = VideoInputs.List(context, settings.Paths);
        var clips = settings.Shard?.Select(all) ?? all;
        if (clips.Count == 0)
            throw new UserErrorException($"--shard {settings.Shard!.Index}/{settings.Shard.Count}: there are only {all.Count} videos, none for this share.");
        using var claim = settings.Output is null ? null : OutputFile.Claim(settings.Output);
        using var file = settings.Output is null ? null : new JsonLinesFile(settings.Output);
        var lines = WorkProgress.Show(context, progress =>
        {
            progress.Begin(Invariant($"captioning {clips.Count:#,0} videos"), clips.Count, WorkProgress.Continues);
            return Caption(context, settings, captioners, clips, progress, line => file?.Write(line));
        });
        var videos = context.Done(clips).Count();
        if (videos > 0) file?.Complete();
        if (settings.Store is null && Directory.Exists(settings.StoreFolder)) Directory.Delete(settings.StoreFolder, recursive: true);
        context.Print(
            new { videos, captions = lines, @out = settings.Output, store = settings.Store, skipped = context.SkippedJson },
            videos > 0 ? [$"{settings.Output ?? settings.Store}: {lines} captions of {videos} videos"] : []);
        return context.Finish(videos);
    }

    private static int Caption(CommandContext context, Settings settings, IReadOnlyList<Captioner> captioners,
        IReadOnlyList<VideoClip> clips, WorkProgress progress, Action<object> write)
    {
        var mlContext = context.CreateMLContext();
        var formats = captioners.Select(captioner => captioner.ReadFrameFormat()).ToList();
        var columns = FrameColumn.Shared(formats, settings.Count);
        var videos = VideoInputs.Load(mlContext, clips);
        using var sampler = VideoInputs.Sampler(mlContext, context, [.. columns.Values]).Fit(videos);
        var frames = sampler.Transform(videos);
        using var captioning = mlContext.Transforms.CaptionFrames(new ImageCaptionerOptions
        {
            Captioners = [.. captioners.Zip(formats, (captioner, format) => captioner.WithFrames(columns[format].Name))],
            StorePath = settings.StoreFolder,
            Progress = new DirectProgress<CaptioningProgress>(done => progress.Report((int)done.Videos)),
            CancellationToken = context.Cancellation,
        }).Fit(frames);
        return WriteLines(context, captioning.Transform(frames), columns[formats[0]], clips, captioners, write);
    }

    /// <returns>The number of lines.</returns>
    private static int WriteLines(
        CommandContext context, IDataView view, FrameColumn column, IReadOnlyList<VideoClip> clips, IReadOnlyList<Captioner> captioners, Action<object> write)
    {
        var (errorColumn, captionColumn) = (view.Schema[FrameSamplerTransformer.ErrorColumn], view.Schema[ImageCaptionerOptions.DefaultOutputColumnName]);
        var timesColumn = view.Schema[FrameSamplerTransformer.TimesColumn(column.Name)];       // the same for every column
        using var cursor = view.GetRowCursor([errorColumn, captionColumn, timesColumn]);
        var readError = RowReader.Text(cursor, errorColumn);
        var readCaptions = RowReader.List<ReadOnlyMemory<char>>(cursor, captionColumn);
        var readTimes = RowReader.List<double>(cursor, timesColumn);
        var lines = 0;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            if (readError() is { Length: > 0 } error)
            {
                context.Skip(new(clips[row].VideoId, error));
                continue;
            }
            foreach (var line in Lines(clips[row], captioners, readCaptions(), readTimes()))
            {
                write(line);
                lines++;
            }
        }
        return lines;
    }

    private static IEnumerable<object> Lines(VideoClip clip, IReadOnlyList<Captioner> captioners, ReadOnlyMemory<char>[] captions, double[] times)
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

/// <summary>One of several processes that share a list of videos: it takes every Count-th, from the Index-th on.</summary>
/// <param name="Index">From 1 on.</param>
/// <param name="Count">How many processes there are.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>Reads I/N.</summary>
    /// <exception cref="UsageException">It is of another form.</exception>
    internal static Shard? Parse(string? text)
    {
        if (text is null) return null;
        return text.Split('/') is [var first, var second] && int.TryParse(first, CultureInfo.InvariantCulture, out var index) && int.TryParse(second, CultureInfo.InvariantCulture, out var count)
            && index >= 1 && index <= count
            ? new(index, count)
            : throw new UsageException($"--shard: found '{text}', expected I/N with I from 1 to N, such as 1/4.");
    }

    /// <summary>The clips of this process; clips of one list go to the same one however often it is read.</summary>
    internal IReadOnlyList<VideoClip> Select(IReadOnlyList<VideoClip> clips) => [.. clips.Where((_, index) => index % Count == Index - 1)];
}
