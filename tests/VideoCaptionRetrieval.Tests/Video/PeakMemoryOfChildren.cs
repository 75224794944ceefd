namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>Watches how much memory the programs take that this process starts.</summary>
internal sealed class PeakMemoryOfChildren : IDisposable
{
    private readonly Thread _watcher;
    private readonly ManualResetEventSlim _ended = new();
    private long _bytes;

    internal PeakMemoryOfChildren()
    {
        _watcher = new(Watch) { IsBackground = true };
        _watcher.Start();
    }

    /// <summary>The most that one program had in RAM.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    public void Dispose()
    {
        _ended.Set();
        _watcher.Join();
        _ended.Dispose();
    }

    private void Watch()
    {
        while (!_ended.Wait(TimeSpan.FromMilliseconds(20)))
            foreach (var (id, _) in ChildProcesses.Of(Environment.ProcessId))
                if (ChildProcesses.PeakMemory(id) is var peak && peak > Bytes) Interlocked.Exchange(ref _bytes, peak);
    }
}
