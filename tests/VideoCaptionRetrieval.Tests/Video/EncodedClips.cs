namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>Ten seconds of ffmpeg's test picture by many encoders, each made once; 160x120, 250 frames.</summary>
public sealed class EncodedClips : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("vcr-clips-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    internal string Make(string name, params string[] output)
    {
        var path = Path.Combine(Folder, name);
        if (!File.Exists(path))
            InstalledFfmpeg.Make(path, ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=10", "-pix_fmt", "yuv420p", .. output]);
        return path;
    }
}
