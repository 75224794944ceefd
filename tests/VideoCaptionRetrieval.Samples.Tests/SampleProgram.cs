using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Samples.Tests;

/// <summary>Programs of samples/, built with these tests.</summary>
internal static class SampleProgram
{
    /// <summary>The tests' configuration, from .../bin/CONFIGURATION/net10.0/.</summary>
    internal static string Configuration { get; } =
        System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    /// <summary>The program's assembly.</summary>
    internal static string Path(string name) =>
        System.IO.Path.Combine(ReferenceFolder.Repository, "samples", name, "bin", Configuration, "net10.0", name + ".dll");
}
