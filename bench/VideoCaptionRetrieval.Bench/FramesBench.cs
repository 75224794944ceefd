using System.Diagnostics;
using System.Globalization;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video.Decoding;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Bench;

/// <summary>
/// Ten frames of a video: ours, against the best single command line of ffmpeg for the same frames, which knows beforehand where they
/// are, and OpenCV's seeking. Each round runs all, one after the other; medians of the ratios inside a round.
/// </summary>
internal static class FramesBench
{
    private const int Count = 10, Rounds = 3;
    /// <summary>Prints seconds and CPU seconds, without the second that Python takes to load OpenCV.</summary>
    private const string OpenCv = """
        import sys, time, cv2
        wall, cpu = time.perf_counter(), time.process_time()
        video = cv2.VideoCapture(sys.argv[1]); n = int(video.get(cv2.CAP_PROP_FRAME_COUNT))
        for k in range(10):
            video.set(cv2.CAP_PROP_POS_FRAMES, int((k + 0.5) * n / 10)); ok, frame = video.read(); assert ok
        print(time.perf_counter() - wall, time.process_time() - cpu)
        """;

    /// <param name="arguments">A video to make the clips of; a folder for them; maybe the one length that is measured, in seconds.</param>
    internal static void Run(string[] arguments)
    {
        if (arguments is not [var source, var folder, .. var only])
        {
            Console.Error.WriteLine("Give a video and a folder for the clips that are made of it.");
            return;
        }
        Console.WriteLine();
        Console.WriteLine("| clip | way | first s (CPU) | again s (CPU) | ffmpeg s (CPU) "
            + "| again / ffmpeg (CPU) | first / ffmpeg (CPU) | OpenCV / again |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (var lines in new[] { 320, 720, 1080 })
            foreach (var keys in new[] { 30, 250 })
                foreach (var (seconds, path) in Clips(source, folder, lines, keys))
                    if (only is not [var length] || length == $"{seconds}") Measure($"{seconds} s, {lines}p, key frame every {keys}", path);
    }

    private static void Measure(string title, string path)
    {
        var (onePass, seek) = (Commands(path, DecodeStrategy.OnePass), Commands(path, DecodeStrategy.Seek));
        var best = Time(() => RunAll(onePass)).Cpu <= Time(() => RunAll(seek)).Cpu ? onePass : seek;
        var (first, again, plain, sought) = (new Cost[Rounds], new Cost[Rounds], new Cost[Rounds], new Cost[Rounds]);
        DecodePlan? plan = null;
        for (var round = 0; round < Rounds; round++)
        {
            var reader = new VideoFrameReader(new()) { Hooks = new() { Decoding = decoded => plan = decoded } };
            first[round] = Time(() => Read(reader, path));
            again[round] = Time(() => Read(reader, path));
            plain[round] = Time(() => RunAll(best));
            sought[round] = Sought(path);
        }
        string Two(Cost[] costs) => Invariant($"{Median(costs, cost => cost.Wall):0.00} ({Median(costs, cost => cost.Cpu):0.00})");
        string Ratio(Cost[] one, Cost[] other) => Invariant(
            $"{Median(one, other, cost => cost.Wall):0.00} ({Median(one, other, cost => cost.Cpu):0.00})");
        Console.WriteLine($"| {title} | {plan!.Strategy} {plan.Segments.Count} | {Two(first)} | {Two(again)} | {Two(plain)} | "
            + $"{Ratio(again, plain)} | {Ratio(first, plain)} | {Ratio(sought, again)} |");
    }

    private static void Read(VideoFrameReader reader, string path) => reader.Read(new(path, path), [new(Count, new FrameFormat(224))]);

    /// <summary>The commands that the library would run, taken from its own plan: they know every frame beforehand.</summary>
    private static List<IReadOnlyList<string>> Commands(string path, DecodeStrategy only)
    {
        var commands = new List<IReadOnlyList<string>>();
        new VideoFrameReader(new()) { Hooks = new() { Only = only, Starting = commands.Add } }.Read(new(path, path), [new(Count, new FrameFormat(224))]);
        return commands;
    }

    private static void RunAll(List<IReadOnlyList<string>> commands)
    {
        foreach (var command in commands) Start("ffmpeg", command);
    }

    private static void Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardOutput.BaseStream.CopyTo(Stream.Null);
        process.WaitForExit();
    }

    private static Cost Sought(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", OpenCv, path]) { RedirectStandardOutput = true })!;
        var times = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        return times is [var wall, var cpu]
            ? new(double.Parse(wall, CultureInfo.InvariantCulture), double.Parse(cpu, CultureInfo.InvariantCulture))
            : new(double.NaN, double.NaN);
    }

    private static IEnumerable<(int Seconds, string Path)> Clips(string source, string folder, int lines, int keys)
    {
        Directory.CreateDirectory(folder);
        string At(int seconds) => Path.Combine(folder, Invariant($"{seconds}s-{lines}p-{keys}.mp4"));
        string[] quiet = ["-v", "error", "-nostdin", "-y"];
        if (!File.Exists(At(60)))
        {
            Start("ffmpeg", [.. quiet, "-stream_loop", "9", "-i", source, "-t", "60", "-vf", $"scale=-2:{lines}", "-r", "24",
                "-c:v", "libx264", "-preset", "veryfast", "-crf", "22", "-g", $"{keys}", "-keyint_min", $"{keys}", "-sc_threshold", "0", "-an", At(60)]);
        }
        if (!File.Exists(At(10))) Start("ffmpeg", [.. quiet, "-i", At(60), "-t", "10", "-c", "copy", At(10)]);
        if (!File.Exists(At(600))) Start("ffmpeg", [.. quiet, "-stream_loop", "9", "-i", At(60), "-c", "copy", At(600)]);
        return [(10, At(10)), (60, At(60)), (600, At(600))];
    }

    private static Cost Time(Action run)
    {
        var (start, cpu) = (Stopwatch.GetTimestamp(), CpuSeconds());
        run();
        return new(Stopwatch.GetElapsedTime(start).TotalSeconds, CpuSeconds() - cpu);
    }

    /// <summary>Of this process and of those that it has started and that have ended, in steps of 10 ms.</summary>
    private static double CpuSeconds()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[11..15].Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / 100;
    }

    private static double Median(Cost[] costs, Func<Cost, double> part) => costs.Select(part).Order().ElementAt(costs.Length / 2);

    private static double Median(Cost[] one, Cost[] other, Func<Cost, double> part) =>
        one.Zip(other, (a, b) => part(a) / part(b)).Order().ElementAt(one.Length / 2);

    private static string Invariant(FormattableString text) => Invariant(text);

    private readonly record struct Cost(double Wall, double Cpu);
}
