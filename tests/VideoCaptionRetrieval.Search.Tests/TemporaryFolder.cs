namespace VideoCaptionRetrieval.Search.Tests;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("vcr-index-").FullName;

    /// <summary>A path inside, where nothing is yet.</summary>
    internal string Path => System.IO.Path.Combine(_parent, "index");

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
