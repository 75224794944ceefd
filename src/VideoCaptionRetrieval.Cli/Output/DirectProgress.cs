
namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Progress on the reporting thread: Progress&lt;T&gt; would report from other threads, later and out of order.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
