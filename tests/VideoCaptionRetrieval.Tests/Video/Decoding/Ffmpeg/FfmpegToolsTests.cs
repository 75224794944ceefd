using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

namespace VideoCaptionRetrieval.Tests.Video.Decoding.Ffmpeg;

public sealed class FfmpegToolsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-tools-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData("5.1.9-0+deb12u1", true)]
    [InlineData("4.4.2-0ubuntu0.22.04.1", false)]
    [InlineData("n8.0", true)]
    [InlineData("N-118000-gabcdef", true)]
    public void Find_ProgramsGiven_ReadsTheVersion(string version, bool hasFrameRateMode)
    {
        Skip.If(OperatingSystem.IsWindows(), "uses a POSIX script");
        var program = Path.Combine(_folder, "ffmpeg");
        File.WriteAllText(program, $"#!/bin/sh\necho 'ffmpeg version {version} Copyright'\necho 'built with gcc'\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var tools = FfmpegTools.Find(new() { FfmpegPath = program, FfprobePath = program });
        Assert.Equal((program, program, version, hasFrameRateMode), (tools.Ffmpeg, tools.Ffprobe, tools.Version, tools.HasFrameRateMode));
    }

    [Fact]
    public void Find_GivenProgramAbsent_NamesTheOption()
    {
        var e = Assert.Throws<FileNotFoundException>(() => FfmpegTools.Find(new() { FfmpegPath = "/nowhere/ffmpeg" }));
        Assert.Contains("FfmpegPath", e.Message);
    }

    [Fact]
    public void Find_NotOnPath_SaysHowToInstall()
    {
        var e = Assert.Throws<FileNotFoundException>(() => FfmpegTools.Locate("no-such-program", null, "FfmpegPath"));
        Assert.Contains("apt-get install ffmpeg", e.Message);
    }
}
