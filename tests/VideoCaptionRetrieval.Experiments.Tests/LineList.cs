namespace VideoCaptionRetrieval.Experiments.Tests;

/// <summary>Keeps the lines for people in the order in which they came.</summary>
internal sealed class LineList(List<string> lines) : IProgress<string>
{
    public void Report(string value) => lines.Add(value);
}
