using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Models.Hub;

namespace VideoCaptionRetrieval;

/// <summary>The short road: a folder of videos, the name of a model, and something to search.</summary>
public static class VideoSearch
{
    /// <summary>
    /// Opens the index of a folder of videos, and adds the videos that it lacks. Where there is no index, it is made; the model is fetched where it is
    /// not here. Videos that cannot be read are listed in <see cref="VideoIndex.Skipped"/>, and tried again by the next call.
    /// </summary>
    /// <param name="videoFolder">A folder, which is searched below too.</param>
    /// <param name="model">A known name, OWNER/NAME, or a checkpoint's folder or file (<see cref="ModelHub"/>).</param>
    /// <param name="indexFolder">The folder of the index: missing, empty, or an index that was made with the same model.</param>
    /// <param name="options">Frames of a video, progress; null takes the defaults.</param>
    /// <param name="cancellationToken">Ends the work; what was fetched and embedded is kept, and the next call goes on.</param>
    /// <returns>The index. The caller owns and disposes it.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder of videos.</exception>
    /// <exception cref="ArgumentException">The folder holds no video file.</exception>
    /// <exception cref="HubException">The model cannot be fetched.</exception>
    /// <exception cref="InvalidOperationException">The index was made with another model.</exception>
    /// <exception cref="FileNotFoundException">ffmpeg is not installed.</exception>
    public static async Task<VideoIndex> OpenOrCreateAsync(
        string videoFolder, string model, string indexFolder, VideoSearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(videoFolder);
        ArgumentException.ThrowIfNullOrEmpty(indexFolder);
        options ??= new();
        if (!Directory.Exists(videoFolder))
            throw new DirectoryNotFoundException($"There is no folder '{videoFolder}' (working directory '{Directory.GetCurrentDirectory()}'); expected one with videos.");
        var clips = VideoListing.Read(videoFolder);
        var checkpoint = await ModelHub.GetAsync(model, options.Download, cancellationToken);
        return await Task.Run(() => OpenOrCreate(clips, checkpoint, indexFolder, options, cancellationToken), cancellationToken);
    }

    private static VideoIndex OpenOrCreate(
        IReadOnlyList<VideoClip> clips, string checkpoint, string folder, VideoSearchOptions options, CancellationToken cancellationToken)
    {
        var existing = VideoIndex.Exists(folder) ? VideoIndex.Open(folder) : null;
        try
        {
            var mlContext = options.MLContext ?? new MLContext();
            var frames = existing is { Count: > 0 } ? existing.FrameCount : options.FrameCount;
            using var encoder = mlContext.VideoRetrieval.FromCheckpoint(checkpoint, frameCount: frames);
            existing?.RequireSameModel(encoder);
            var known = existing?.VideoIds.ToHashSet(StringComparer.Ordinal) ?? [];
            var left = clips.Where(clip => !known.Contains(clip.VideoId)).ToList();
            if (existing is not null && left.Count == 0) return existing;
            var videos = mlContext.Data.LoadFromVideoClips(left);
            var sampler = mlContext.Transforms.SampleFrames(new FrameSamplerOptions
            {
                Columns = [new(FrameColumn.DefaultName, encoder.FrameFormat, frames)],
                OnError = FrameErrorHandling.Report,
                CancellationToken = cancellationToken,
            });
            var chain = new TransformerChain<ITransformer>(sampler.Fit(videos), encoder);
            var work = new VideoIndexOptions { Progress = options.Progress, CancellationToken = cancellationToken };
            if (existing is null) return VideoIndex.Create(folder, chain, videos, work);
            existing.Add(chain, videos, work);
            return existing;
        }
        catch
        {
            existing?.Dispose();
            throw;
        }
    }
}

/// <summary>Options of <see cref="VideoSearch"/>.</summary>
public sealed class VideoSearchOptions
{
    /// <summary>Frames of a video, at least 1; an existing index keeps its own number.</summary>
    /// <value>The default value is 10.</value>
    public int FrameCount { get; set; } = FrameColumn.DefaultCount;

    /// <summary>Receives the number of videos embedded so far.</summary>
    public IProgress<int>? Progress { get; set; }

    /// <summary>Receives the progress of a download.</summary>
    public IProgress<DownloadProgress>? Download { get; set; }

    /// <summary>Its log receives warnings, its GpuDeviceId says where to compute.</summary>
    /// <value>The default value is null: a new one, on the CPU.</value>
    public MLContext? MLContext { get; set; }
}
