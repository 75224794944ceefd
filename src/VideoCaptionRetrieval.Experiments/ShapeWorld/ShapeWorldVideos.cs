using System.Text.Encodings.Web;
using System.Text.Json;
using VideoCaptionRetrieval.Experiments.ShapeWorld;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Experiments;

/// <summary>
/// A closed world of coloured shapes, as video files with sentences that are true of them: enough to train and to measure a retrieval model
/// on a laptop. Objects of ten kinds stand, move, enter, leave and change over six kinds of ground.
/// </summary>
/// <remarks>
/// A video depends on the options and its place in its set alone: the same options render the same pixels. Thread-safe for different folders.
/// </remarks>
public static class ShapeWorldVideos
{
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the videos of a set that are not there yet, H.264 in .mp4, named SET-00000.mp4 and so on.</summary>
    /// <param name="folder">Made where it does not exist.</param>
    /// <param name="set">The name of the set, such as "train"; sets of other names hold other videos.</param>
    /// <param name="count">How many videos it has.</param>
    /// <param name="options">The world; null takes the defaults.</param>
    /// <param name="ffmpeg">Where ffmpeg is; null = on PATH.</param>
    /// <param name="progress">Takes the number of videos that are there.</param>
    /// <param name="cancellationToken">Ends the work; what is complete stays.</param>
    /// <returns>The paths, in order.</returns>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    /// <exception cref="FileNotFoundException">ffmpeg is not installed; the message says how to install it.</exception>
    public static IReadOnlyList<string> WriteVideos(string folder, string set, int count, ShapeWorldOptions? options = null, FfmpegOptions? ffmpeg = null,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        options = Valid(set, count, options);
        return Write(folder, options, [.. Videos(set, count, options)], ffmpeg, progress, cancellationToken);
    }

    /// <summary>
    /// Writes the example videos that are not there yet, 192 pixels wide, three scenes and 12 seconds each. In every third of them one scene shows a
    /// object that slides past another one: in the first, from second 4 on, a red circle slides past a blue square.
    /// </summary>
    /// <param name="folder">Made where it does not exist.</param>
    /// <param name="ffmpeg">Where ffmpeg is; null = on PATH.</param>
    /// <param name="cancellationToken">Ends the work; what is complete stays.</param>
    /// <returns>The paths, in order.</returns>
    /// <exception cref="FileNotFoundException">ffmpeg is not installed; the message says how to install it.</exception>
    public static IReadOnlyList<string> WriteExamples(string folder, FfmpegOptions? ffmpeg = null, CancellationToken cancellationToken = default) =>
        Write(folder, Examples.World, [.. Examples.Videos], ffmpeg, null, cancellationToken);

    /// <summary>What is true of the example videos, a sentence about each scene.</summary>
    /// <param name="folder">Their folder, as paths are to begin.</param>
    public static IReadOnlyList<ShapeWorldSentence> ExampleSentences(string folder) =>
        [.. Examples.Videos.SelectMany(video => video.Sentences().Select(text => new ShapeWorldSentence($"{folder}/{video.FileName}", text)))];

    /// <summary>Writes what is true of the videos of a set: lines {"video","text"}, video after video and scene after scene.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">The folder of the videos, as "video" is to begin.</param>
    /// <param name="set">The name of the set.</param>
    /// <param name="count">How many videos it has.</param>
    /// <param name="options">The world; null takes the defaults.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    public static void WriteSentences(string path, string folder, string set, int count, ShapeWorldOptions? options = null)
    {
        options = Valid(set, count, options);
        var lines = Videos(set, count, options)
            .SelectMany(video => video.Sentences().Select(text => JsonSerializer.Serialize(new { video = $"{folder}/{video.FileName}", text }, _json)));
        AtomicFile.Create(path, temporary => File.WriteAllLines(temporary, lines));
    }

    private static IReadOnlyList<string> Write(string folder, ShapeWorldOptions options, IReadOnlyList<WorldVideo> videos, FfmpegOptions? ffmpeg,
        IProgress<int>? progress, CancellationToken cancellationToken)
    {
        new VideoFiles(options, ffmpeg ?? new(), folder).Write(videos, progress, cancellationToken);
        return [.. videos.Select(video => Path.Combine(folder, video.FileName))];
    }

    private static IEnumerable<WorldVideo> Videos(string set, int count, ShapeWorldOptions options) =>
        Enumerable.Range(0, count).Select(index => new WorldVideo(options, set, index));

    private static ShapeWorldOptions Valid(string set, int count, ShapeWorldOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        options ??= new();
        options.Validate();
        return options;
    }
}

/// <summary>What is true of a video of the world.</summary>
/// <param name="Video">Its path.</param>
/// <param name="Text">A sentence about one of its scenes.</param>
public sealed record ShapeWorldSentence(string Video, string Text);
