using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Samples.Tests;

/// <summary>Programs of samples/, built with these tests.</summary>
internal static class SampleProgram
{
    /// <summary>The program's assembly.</summary>
    internal static string Path(string name)
    {
        // Same configuration as the tests: .../bin/CONFIGURATION/net10.0/
        var configuration = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        return System.IO.Path.Combine(ReferenceFolder.Repository, "samples", name, "bin", configuration, "net10.0", name + ".dll");
    }
}
