using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>
/// Runs ffmpeg or ffprobe without a shell; cancellation, Dispose and a stall (no output for too long) kill it at once.
/// <see cref="Read"/> and <see cref="Finish"/> belong to one thread, which disposes it.
/// </summary>
public sealed class ToolProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _path;
    private readonly string _program;
    private readonly TimeSpan _stallTimeout;
    private readonly ErrorLog _errors = new();
    private readonly Thread _logReader;
    private readonly Timer _watchdog;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private long _lastOutput = Environment.TickCount64;
    private volatile bool _stalled;

    /// <param name="program">Absolute path of the program.</param>
    /// <param name="arguments">Its arguments, one by one.</param>
    /// <param name="path">The video that errors are about.</param>
    /// <param name="stallTimeout">Maximum time without output.</param>
    /// <param name="log">Receives the lines of the program's log, on another thread.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <param name="maximumMemory">Maximum memory in bytes, where the system can limit it; 0 = no limit.</param>
    public ToolProcess(
        string program, IEnumerable<string> arguments, string path, TimeSpan stallTimeout, DecodeLog? log,
        CancellationToken cancellationToken, long maximumMemory = 0)
    {
        (_path, _stallTimeout, _cancellationToken) = (path, stallTimeout, cancellationToken);
        _program = Path.GetFileNameWithoutExtension(program);
        _process = ProcessLauncher.Launch(program, arguments, maximumMemory);
        _process.StandardInput.Close();
        _logReader = new(() => ReadLog(log)) { IsBackground = true, Name = "ffmpeg log" };
        _logReader.Start();
        var period = TimeSpan.FromMilliseconds(Math.Clamp(stallTimeout.TotalMilliseconds / 10, 10, 1000));
        _watchdog = new(_ => EndIfStalled(), null, period, period);
        _registration = cancellationToken.Register(Kill);
    }

    /// <summary>Reads standard output; returns 0 at its end.</summary>
    internal int Read(Span<byte> buffer)
    {
        var count = _process.StandardOutput.BaseStream.Read(buffer);
        NoteOutput();
        return count;
    }

    /// <summary>Waits until the program has ended.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="VideoReadException">It stalled or failed.</exception>
    public void Finish()
    {
        _process.WaitForExit();
        _logReader.Join();
        _cancellationToken.ThrowIfCancellationRequested();
        if (_stalled)
            throw new VideoReadException(_path, Invariant($"{_program} printed nothing for {_stallTimeout.TotalSeconds:0.###} s and was ended"));
        if (_process.ExitCode == 0) return;
        var errors = _errors.Text.Length > 0 ? _errors.Text : "it printed no error";
        throw new VideoReadException(_path, $"{_program} failed with exit code {_process.ExitCode}: {errors}");
    }

    /// <summary>The last errors that the program printed; complete after <see cref="Finish"/>.</summary>
    internal string Errors => _errors.Text;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        using (var idle = new ManualResetEvent(false))
            if (_watchdog.Dispose(idle)) idle.WaitOne();
        Kill();
        _process.WaitForExit();
        _logReader.Join();
        _process.Dispose();
    }

    private void ReadLog(DecodeLog? log)
    {
        var stream = _process.StandardError.BaseStream;
        LineReader.Read(buffer =>
        {
            var count = stream.Read(buffer);
            NoteOutput();
            return count;
        }, line =>
        {
            _errors.Add(line);
            log?.Add(line);
        });
        log?.End();
    }

    private void NoteOutput() => Volatile.Write(ref _lastOutput, Environment.TickCount64);

    private void EndIfStalled()
    {
        if (Environment.TickCount64 - Volatile.Read(ref _lastOutput) < _stallTimeout.TotalMilliseconds || _process.HasExited) return;
        _stalled = true;
        Kill();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }
}

/// <summary>Keeps the last error lines that ffmpeg or ffprobe printed under "-loglevel level+…". One writer; read after its end.</summary>
internal sealed partial class ErrorLog
{
    private const int MaxLines = 5;
    private const int MaxLineLength = 300;

    private readonly Queue<string> _lines = new();

    internal void Add(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("[error]"u8) < 0 && line.IndexOf("[fatal]"u8) < 0 && line.IndexOf("[panic]"u8) < 0) return;
        var text = Noise().Replace(Encoding.UTF8.GetString(line), "").Trim();
        if (text.Length > MaxLineLength) text = text[..MaxLineLength] + "…";
        if (text.Length == 0 || _lines.Contains(text)) return;
        if (_lines.Count == MaxLines) _lines.Dequeue();
        _lines.Enqueue(text);
    }

    /// <summary>The lines, joined; empty where there was none.</summary>
    internal string Text => string.Join("; ", _lines);

    /// <summary>Level tags, the addresses of the objects that speak, and the list of containers that this library itself gave.</summary>
    [GeneratedRegex(@"\[(error|fatal|panic)\] ?| @ 0x[0-9a-f]+|(?<=Format not on whitelist) '[^']*'")]
    private static partial Regex Noise();
}
