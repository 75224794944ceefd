using System.Diagnostics;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>Every file of the reference folder's make_hostile.sh gives frames or a reason, and nothing hangs.</summary>
public sealed class HostileVideoTests : IDisposable
{
    /// <summary>Far more than it takes: only a file that hangs reaches it.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-hostile-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Names that must be refused; all others must give frames.</summary>
    private static readonly HashSet<string> _refused =
    [
        "01_zero.mp4", "02_nomoov.mp4", "03_random.mp4", "04_audioonly.mp4", "16_dir.mp4", "16b_fifo.mp4", "17_hls_as.mp4", "17b_concat_as.mp4",
        "17c_concat_abs_as.mp4", "17d_hls_local_as.mp4", "17e_hls_http.mp4", "17f_sdp_as.mp4", "18_hugedims.png", "19_svg_as.mp4", "loopA.mp4", "loopB.mp4",
    ];

    [SkippableFact]
    public void Read_HostileFiles_GiveFramesOrAReason()
    {
        var script = Path.Combine(ReferenceFolder.Media, "make_hostile.sh");
        ReferenceFolder.SkipWhereAbsent(ReferenceFolder.Media);
        InstalledFfmpeg.SkipWhereAbsent();
        var folder = Path.Combine(_folder, "hostile");
        using (var made = Process.Start(new ProcessStartInfo("bash", [script, folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            made.StandardOutput.ReadToEnd();
            made.WaitForExit();
            Skip.IfNot(made.ExitCode == 0, "make_hostile.sh needs an ffmpeg with libx264 and libx265");
        }
        using var limit = new CancellationTokenSource(_limit);
        var reader = new VideoFrameReader(new());
        var problems = Entries(folder).AsParallel().Select(path => Problem(reader, path, limit.Token)).OfType<string>().ToArray();
        Assert.True(problems.Length == 0, string.Join('\n', problems));
        Assert.False(File.Exists("PWNED") || File.Exists(Path.Combine(folder, "PWNED")));
    }

    private static IEnumerable<string> Entries(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).SelectMany(path => Path.GetFileName(path) == "14 dir" ? Directory.GetFiles(path) : [path]);

    private static string? Problem(VideoFrameReader reader, string path, CancellationToken limit)
    {
        var name = Path.GetFileName(path);
        try
        {
            var sampled = reader.Read(new(name, path), [new(10, new(16))], limit);
            if (_refused.Contains(name)) return $"{name}: gave frames, expected a reason";
            if (!sampled.Times[0].SequenceEqual(sampled.Times[0].Order())) return $"{name}: times are not in order";
            return sampled.Frames[0].Distinct().Count() > 2 ? null : $"{name}: the frames are plain";
        }
        catch (VideoReadException e)
        {
            if (!_refused.Contains(name)) return $"{name}: {e.Reason}";
            if (e.Reason.Contains("printed nothing")) return $"{name}: {e.Reason}";
            return e.Reason.Length > 0 && e.Message.Contains(path) ? null : $"{name}: no reason";
        }
    }
}
