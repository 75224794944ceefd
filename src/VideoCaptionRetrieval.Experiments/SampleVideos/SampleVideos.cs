using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

namespace VideoCaptionRetrieval.Experiments;

/// <summary>Renders short clips with ffmpeg's own sources, for a first run without any video at hand.</summary>
public static class SampleVideos
{
    private const string Size = "320x240";
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    /// <summary>File name and ffmpeg filter graph of each clip; 25 frames a second.</summary>
    private static readonly (string Name, string Graph)[] Clips =
    [
        ("red-box-moves-right.mp4", Box("0x203060", "red", seconds: 4, "x='10+60*t':y=90")),
        ("yellow-box-falls.mp4", Box("0x104010", "yellow", seconds: 3, "x=130:y='10+60*t'")),
        ("test-pattern.mp4", $"testsrc2=s={Size}:r=25:d=4"),
        ("fractal-grows.mp4", $"mandelbrot=s={Size}:r=25,trim=duration=3"),
        ("cells-live-and-die.mp4", $"life=s={Size}:mold=10:r=25:ratio=0.1:seed=3:death_color=#C83232:life_color=#00ff00,trim=duration=3"),
        ("orange-turns-blue.mp4", $"gradients=s={Size}:r=25:d=4:seed=5:c0=orange:c1=blue"),
        ("colour-bars-then-white.mp4", $"smptebars=s={Size}:r=25:d=2[bars];color=c=white:s={Size}:r=25:d=2[white];[bars][white]concat=n=2"),
        ("grey-noise.mp4", $"color=c=gray:s={Size}:r=25:d=2,noise=alls=60:allf=t:all_seed=7"),
    ];

    /// <summary>Renders the clips that are not there yet, H.264 in .mp4, 2 to 4 seconds each.</summary>
    /// <param name="folder">Made where it does not exist.</param>
    /// <param name="options">Where ffmpeg is; null = on PATH.</param>
    /// <param name="cancellationToken">Ends ffmpeg at once.</param>
    /// <exception cref="FileNotFoundException">ffmpeg is not installed; the message says how to install it.</exception>
    public static void Render(string folder, FfmpegOptions? options = null, CancellationToken cancellationToken = default)
    {
        var ffmpeg = FfmpegTools.Find(options ?? new()).Ffmpeg;
        Directory.CreateDirectory(folder);
        foreach (var (name, graph) in Clips)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path)) continue;
            AtomicFile.Create(path, temporary =>
            {
                using var process = new ToolProcess(ffmpeg, Arguments(graph, temporary), path, StallTimeout, null, cancellationToken);
                process.Finish();
            });
        }
    }

    private static string Box(string back, string colour, int seconds, string place) =>
        $"color=c={back}:s={Size}:r=25:d={seconds}[back];color=c={colour}:s=60x60:r=25:d={seconds}[box];[back][box]overlay={place}";

    private static string[] Arguments(string graph, string output) =>
    [
        "-nostdin", "-v", "error", "-y", "-filter_complex", graph + ",format=yuv420p[out]", "-map", "[out]",
        "-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "mp4",
        "file:" + output,
    ];
}
