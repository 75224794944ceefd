using System.Globalization;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>
/// Writes videos as H.264 in .mp4. One run of ffmpeg writes many of them, one behind the other: starting it takes longer than a video. Which ones
/// depends on their places in the set alone, so that work that goes on after an end writes the same bytes as work that was never ended.
/// Thread-safe for different folders.
/// </summary>
internal sealed class VideoFiles
{
    private const int VideosPerRun = 25;
    private static readonly TimeSpan _stallTimeout = TimeSpan.FromSeconds(60);

    private readonly ShapeWorldOptions _options;
    private readonly string _ffmpeg, _folder;

    /// <param name="options">The world.</param>
    /// <param name="ffmpeg">Where ffmpeg is.</param>
    /// <param name="folder">Made where it does not exist.</param>
    /// <exception cref="FileNotFoundException">ffmpeg is not installed.</exception>
    internal VideoFiles(ShapeWorldOptions options, FfmpegOptions ffmpeg, string folder)
    {
        (_options, _ffmpeg, _folder) = (options, FfmpegTools.Find(ffmpeg).Ffmpeg, folder);
        Directory.CreateDirectory(folder);
    }

    /// <summary>Writes the videos of a set that are not there yet; each appears complete or not at all.</summary>
    /// <param name="videos">Videos of the world, of one set.</param>
    /// <param name="progress">Takes the number of videos that are there.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    internal void Write(IReadOnlyList<WorldVideo> videos, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var done = videos.Count(IsThere);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.ForEach(videos.Chunk(VideosPerRun).Where(run => !run.All(IsThere)), parallel, run =>
        {
            var missing = run.Count(video => !IsThere(video));
            WriteRun(run, cancellationToken);
            progress?.Report(Interlocked.Add(ref done, missing));
        });
    }

    private bool IsThere(WorldVideo video) => File.Exists(Path.Combine(_folder, video.FileName));

    private void WriteRun(WorldVideo[] videos, CancellationToken cancellationToken) => AtomicFolder.WithTemporary(Path.Combine(_folder, ".run"), temporary =>
    {
        Directory.CreateDirectory(temporary);
        var frames = Path.Combine(temporary, "frames.rgb");
        using (var file = File.Create(frames)) WriteFrames(videos, file, cancellationToken);
        using (var process = new ToolProcess(_ffmpeg, Arguments(videos, frames, temporary), temporary, _stallTimeout, null, cancellationToken))
            process.Finish();
        for (var i = 0; i < videos.Length; i++)
            if (!IsThere(videos[i])) File.Move(Path.Combine(temporary, Part(i)), Path.Combine(_folder, videos[i].FileName));
        return videos.Length;
    });

    private void WriteFrames(WorldVideo[] videos, FileStream file, CancellationToken cancellationToken)
    {
        var renderer = new VideoRenderer(_options.VideoSize, _options.Gap);
        var pixels = new byte[videos[0].Frames * renderer.FrameBytes];
        foreach (var video in videos)
        {
            cancellationToken.ThrowIfCancellationRequested();
            video.Render(renderer, pixels);
            file.Write(pixels);
        }
    }

    /// <summary>
    /// Each video begins with a picture that is stored whole, and is cut off before the next one. How much is lost to compression is drawn
    /// for each run. Without B-frames, all files begin at time 0. Conversion and encoder take the same steps on every processor: by default, those with
    /// AVX-512 write other bytes than those without.
    /// </summary>
    private string[] Arguments(WorldVideo[] videos, string frames, string temporary)
    {
        var (first, length) = (videos[0], videos[0].Frames.ToString(CultureInfo.InvariantCulture));
        var size = _options.VideoSize.ToString(CultureInfo.InvariantCulture);
        var loss = 24 + first.Numbers("loss").Below(10);
        var cuts = Enumerable.Range(1, videos.Length).Select(i => (i * first.Frames).ToString(CultureInfo.InvariantCulture));
        return
        [
            "-nostdin", "-v", "error", "-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", $"{size}x{size}",
            "-framerate", _options.FrameRate.ToString(CultureInfo.InvariantCulture), "-i", "file:" + frames,
            "-sws_flags", "bicubic+bitexact+accurate_rnd", "-x264-params", "cpu-independent=1",
            "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-bf", "0",
            "-crf", loss.ToString(CultureInfo.InvariantCulture), "-g", length, "-keyint_min", length, "-sc_threshold", "0",
            "-fflags", "+bitexact", "-flags:v", "+bitexact",
            "-f", "segment", "-segment_format", "mp4", "-segment_frames", string.Join(',', cuts), "-reset_timestamps", "1",
            Path.Combine(temporary, "%05d.mp4"),
        ];
    }

    private static string Part(int index) => string.Create(CultureInfo.InvariantCulture, $"{index:00000}.mp4");
}
