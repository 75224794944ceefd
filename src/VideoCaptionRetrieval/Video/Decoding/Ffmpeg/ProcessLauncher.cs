using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>
/// Starts programs so that they end with this process, even where it is killed. Thread-safe.
/// </summary>
/// <remarks>
/// On Linux the kernel sends a child a signal when the thread that started it ends; so one thread starts all of them, and lives as long
/// as the process. A closed pipe alone would end neither a program that hangs nor one that writes nothing. util-linux's setpriv asks for
/// the signal, its prlimit bounds the memory; each replaces itself by the next, and costs a millisecond or two. Where they are not
/// installed, programs are started without.
/// </remarks>
internal static class ProcessLauncher
{
    private static readonly string? _setpriv = Find("setpriv");
    private static readonly string? _prlimit = Find("prlimit");
    private static readonly BlockingCollection<Start> _starts = [];

    static ProcessLauncher() => new Thread(StartAll) { IsBackground = true, Name = "program starter" }.Start();

    /// <summary>Whether programs end with this process however it ends.</summary>
    internal static bool TiesPrograms => _setpriv is not null;

    /// <summary>Whether memory can be limited.</summary>
    internal static bool BoundsMemory => _prlimit is not null;

    /// <summary>Starts a program without a shell, its three streams redirected.</summary>
    /// <param name="program">Absolute path.</param>
    /// <param name="arguments">Its arguments, one by one.</param>
    /// <param name="maximumMemory">Maximum memory in bytes; 0 = no limit.</param>
    /// <exception cref="FileNotFoundException">It cannot be started.</exception>
    internal static Process Launch(string program, IEnumerable<string> arguments, long maximumMemory)
    {
        // Behind setpriv, a missing program would only be an exit code.
        if (!File.Exists(program)) throw new FileNotFoundException(CannotStart(program, "it does not exist"), program);
        string[] command = [.. Wrapping(maximumMemory), program, .. arguments];
        var information = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // ffmpeg would write a report file, or colour codes into its log.
        information.Environment.Remove("FFREPORT");
        information.Environment.Remove("AV_LOG_FORCE_COLOR");
        information.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        var start = new Start(information);
        _starts.Add(start);
        try
        {
            return start.Started.Task.GetAwaiter().GetResult();
        }
        catch (Win32Exception e)
        {
            throw new FileNotFoundException(CannotStart(program, e.Message), program, e);
        }
    }

    private static string[] Wrapping(long maximumMemory)
    {
        string[] tie = _setpriv is null ? [] : [_setpriv, "--pdeathsig", "KILL", "--"];
        string[] bound = _prlimit is null || maximumMemory <= 0 ? [] : [_prlimit, $"--data={maximumMemory}", "--"];
        return [.. tie, .. bound];
    }

    private static void StartAll()
    {
        foreach (var start in _starts.GetConsumingEnumerable())
        {
            try
            {
                start.Started.SetResult(Process.Start(start.Information)!);
            }
            catch (Exception e)
            {
                start.Started.SetException(ExceptionDispatchInfo.SetCurrentStackTrace(e));
            }
        }
    }

    private static string CannotStart(string program, string reason) =>
        $"'{program}' cannot be started: {reason}. Expected a program of ffmpeg's.";

    /// <summary>Only where the system keeps them: a program of that name on PATH could be anybody's.</summary>
    private static string? Find(string program) => !OperatingSystem.IsLinux() ? null
        : new[] { "/usr/bin/", "/bin/" }.Select(folder => folder + program).FirstOrDefault(path => File.Exists(path) && Works(path));

    /// <summary>Other systems have programs of these names that know less.</summary>
    private static bool Works(string path)
    {
        string[] options = path.EndsWith("setpriv", StringComparison.Ordinal) ? ["--pdeathsig", "KILL"] : ["--data=1000000000"];
        try
        {
            var start = new ProcessStartInfo(path, [.. options, "--", "/bin/true"]) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private sealed record Start(ProcessStartInfo Information)
    {
        internal TaskCompletionSource<Process> Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
