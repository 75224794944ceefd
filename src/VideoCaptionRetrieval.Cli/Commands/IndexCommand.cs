using System.CommandLine;
using Microsoft.ML;
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
        var paths = VideoInputs.Argument();
        var model = CommonOptions.Model("--model", "The model that embeds");
        var folder = CommonOptions.Output("The folder of the index; an existing index is updated.", "INDEX");
        var frames = CommonOptions.Frames();
        var removed = new Option<string[]>("--remove") { Description = "Remove this video from the index; may be repeated.", HelpName = "VIDEO" };
        var command = new Command("index", "Add videos to an index that 'vcr search' searches.") { paths, model, folder, frames, removed };
        command.Validators.Add(result =>
        {
            if (result.GetResult(removed) is null && result.GetResult(paths) is not { Tokens.Count: > 0 }) result.AddError("Give at least one PATH, or --remove.");
        });
        return host.HandleVideos(command, (parsed, context) => Run(context, new(
            parsed.GetValue(paths) ?? [], parsed.GetRequiredValue(model), parsed.GetRequiredValue(folder), parsed.GetValue(frames), parsed.GetValue(removed) ?? [])));
    }

    private static int Run(CommandContext context, Settings settings)
    {
        var mlContext = context.CreateMLContext();
        IReadOnlyList<VideoClip> clips = settings.Paths.Count > 0 ? VideoInputs.List(context, settings.Paths) : [];
        using var model = ModelReference.Open(mlContext, settings.Model);
        var existing = VideoIndex.Exists(settings.Folder) ? VideoIndex.Open(settings.Folder) : null;
        using var opened = existing;
        existing?.RequireSameModel(model);
        if (existing is null && clips.Count == 0)
            throw new UserErrorException($"'{settings.Folder}' holds no index; there is nothing to remove from.");

        var removed = Remove(context, existing, settings.Removed);
        var index = clips.Count == 0 ? existing! : Add(mlContext, context, settings, model, existing, clips);
        using (index)
        {
            foreach (var skipped in index.Skipped) context.Skip(skipped);
            var done = context.Done(clips).ToList();
            var added = done.Count;
            RemoveOtherSpellings(index, done);
            var missing = Missing(index, settings.Paths, clips);
            if (missing.Count > 0)
            {
                context.Report(Invariant($"{missing.Count:#,0} videos are gone and stay in the index, such as '{missing[0]}'; remove them by --remove ")
                    + "if they do not come back.");
            }
            context.Print(
                new { index = settings.Folder, added, removed, missing = missing.Count, videos = index.Count, skipped = context.SkippedJson },
                [$"{settings.Folder}: {added} added, {removed} removed, {index.Count} in all"]);
            if (existing is null && added == 0) Directory.Delete(settings.Folder, recursive: true);
            return context.Finish(added + removed);
        }
    }

    private static VideoIndex Add(MLContext mlContext, CommandContext context, Settings settings, MultiCaptionRetrievalTransformer model,
        VideoIndex? existing, IReadOnlyList<VideoClip> clips)
    {
        var frames = settings.Frames ?? (existing is { Count: > 0 } ? existing.FrameCount : model.FrameCount);
        if (existing is { Count: > 0 } && frames != existing.FrameCount)
        {
            throw new UserErrorException($"--frames: '{settings.Folder}' holds {existing.FrameCount} frames of a video, found {frames}; leave the option out, "
                + "or make a new index.");
        }
        var unfinished = UnfinishedIndex.Continue(settings.Folder, frames, existing);
        var left = clips.Where(clip => !unfinished.Holds(clip)).ToList();
        if (left.Count < clips.Count) context.Report(Invariant($"{clips.Count - left.Count:#,0} videos are in the index since an earlier run was ended"));
        var videos = VideoInputs.Load(mlContext, left);
        var chain = VideoInputs.Chain(mlContext, context, videos, model, frames);
        var index = WorkProgress.Show(context, progress =>
        {
            progress.Begin(Invariant($"embedding {left.Count:#,0} videos"), left.Count, WorkProgress.Continues);
            var options = new VideoIndexOptions { Progress = new DirectProgress<int>(done => progress.Report(done)), CancellationToken = context.Cancellation };
            if (existing is null) return VideoIndex.Create(settings.Folder, chain, videos, options);
            existing.Add(chain, videos, options);
            return existing;
        });
        unfinished.Finish();
        return index;
    }

    /// <summary>The videos of the index that lay below the given paths and are not there any more, in ordinal order.</summary>
    private static List<string> Missing(VideoIndex index, IReadOnlyList<string> paths, IReadOnlyList<VideoClip> clips)
    {
        var listed = clips.Select(clip => VideoListing.Normalise(clip.VideoId)).ToHashSet(StringComparer.Ordinal);
        var roots = paths.Select(path => VideoListing.Normalise(path).TrimEnd('/')).ToList();
        bool IsBelow(string name) => roots.Any(root => name.StartsWith(root, StringComparison.Ordinal) && (name.Length == root.Length || name[root.Length] is '/' or '#'));
        bool IsThere(string id) => File.Exists(id) || (id.LastIndexOf('#') is > 0 and var end && File.Exists(id[..end]));
        return [.. index.VideoIds.Where(id => VideoListing.Normalise(id) is var name && IsBelow(name) && (!listed.Contains(name) || paths.Contains(id)) && !IsThere(id))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Removes videos by name; those that are not there are listed as skipped.</summary>
    private static int Remove(CommandContext context, VideoIndex? index, IReadOnlyList<string> names)
    {
        var known = (index?.VideoIds ?? []).ToLookup(VideoListing.Normalise, StringComparer.Ordinal);
        foreach (var name in names.Where(name => !known.Contains(VideoListing.Normalise(name))))
            context.Skip(new(name, "the index does not hold it; it names videos as they were given to 'vcr index'"));
        return index?.Remove(names.SelectMany(name => known[VideoListing.Normalise(name)])) ?? 0;
    }

    /// <summary>A video that was added under a name that differs by './' or '//' alone takes the place of the older one.</summary>
    private static void RemoveOtherSpellings(VideoIndex index, IEnumerable<VideoClip> added)
    {
        var names = added.ToDictionary(clip => VideoListing.Normalise(clip.VideoId), clip => clip.VideoId, StringComparer.Ordinal);
        index.Remove(index.VideoIds.Where(id => names.TryGetValue(VideoListing.Normalise(id), out var name) && name != id).ToList());
    }
}
