using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr index: makes an index of videos, or adds and removes some.</summary>
internal static class IndexCommand
{
    private sealed record Settings(IReadOnlyList<string> Paths, string Model, string Folder, int? Frames, IReadOnlyList<string> Removed);

    internal static Command Create(CommandHost host)
    {
        var paths = VideoInputs.Argument(required: false);
        var model = new Option<string>("--model") { Description = "A saved model, or a checkpoint folder.", Required = true };
        var folder = new Option<string>("--out") { Description = "The folder of the index; one that is there is updated.", Required = true };
        var frames = VideoInputs.FramesOption();
        var removed = new Option<string[]>("--remove") { Description = "A video to take out of the index; may be repeated." };
        var command = new Command("index", "Embeds videos into an index that 'vcr search' searches.") { paths, model, folder, frames, removed };
        command.Validators.Add(result =>
        {
            if (result.GetResult(removed) is null && (result.GetValue(paths) ?? []).Length == 0)
                result.AddError("Give at least one PATH, or --remove.");
        });
        return host.Handle(command, (parsed, context) => Run(context, new(
            parsed.GetValue(paths) ?? [], parsed.GetRequiredValue(model), parsed.GetRequiredValue(folder), parsed.GetValue(frames), parsed.GetValue(removed) ?? [])));
    }

    private static int Run(CommandContext context, Settings settings)
    {
        var mlContext = context.CreateMLContext();
        IReadOnlyList<VideoClip> clips = settings.Paths.Count > 0 ? VideoListing.Read(settings.Paths) : [];
        using var model = ModelReference.Open(mlContext, settings.Model);
        using var existing = VideoIndex.Exists(settings.Folder) ? VideoIndex.Open(settings.Folder) : null;
        existing?.RequireSameModel(model);
        if (existing is null && clips.Count == 0) throw new UserErrorException($"'{settings.Folder}' holds no index; there is nothing to remove from.");

        var removed = Remove(existing, settings.Removed);
        var index = existing;
        if (clips.Count > 0)
        {
            var videos = VideoInputs.Load(mlContext, clips);
            var chain = VideoInputs.Chain(mlContext, context, videos, model, settings.Frames ?? existing?.FrameCount ?? model.FrameCount);
            index = WorkProgress.Show(context, $"embedding {clips.Count:#,0} videos", clips.Count, progress =>
            {
                var options = new VideoIndexOptions { Progress = new DirectProgress<int>(progress.Report), CancellationToken = context.Cancellation };
                if (existing is null) return VideoIndex.Create(settings.Folder, chain, videos, options);
                existing.Add(chain, videos, options);
                return existing;
            });
        }
        using (index)
        {
            foreach (var skipped in index!.Skipped) context.Skip(skipped);
            var added = clips.Count - context.Skipped.Count;
            context.Print(
                new { index = settings.Folder, added, removed, videos = index.Count, skipped = context.SkippedJson },
                [$"{settings.Folder}: {added} added, {removed} removed, {index.Count} in all"]);
            return context.Finish(added + removed);
        }
    }

    private static int Remove(VideoIndex? index, IReadOnlyList<string> names)
    {
        if (index is null || names.Count == 0) return 0;
        var known = index.VideoIds.ToDictionary(VideoListing.Normalise, StringComparer.Ordinal);
        var unknown = names.Where(name => !known.ContainsKey(VideoListing.Normalise(name))).ToList();
        if (unknown.Count > 0) throw new UserErrorException($"The index does not hold '{string.Join("', '", unknown)}'; it names videos as they were given to 'vcr index'.");
        return index.Remove(names.Select(name => known[VideoListing.Normalise(name)]));
    }
}
