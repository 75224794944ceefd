using System.Globalization;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video.Decoding;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>A colour that goes into a video by any matrix, range, depth and chroma layout comes out again.</summary>
public sealed class ColourTests : IDisposable
{
    /// <summary>Levels; 8-bit YUV holds a colour to about two of them, lossy coding adds a little.</summary>
    private const int Tolerance = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-colour-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData("limited-601", "bt601", "smpte170m", "tv", "yuv420p", "libx264")]
    [InlineData("limited-709", "bt709", "bt709", "tv", "yuv420p", "libx264")]
    [InlineData("full-601", "bt601", "smpte170m", "pc", "yuv420p", "libx264")]
    [InlineData("full-709", "bt709", "bt709", "pc", "yuv420p", "libx264")]
    [InlineData("ten-bit-709", "bt709", "bt709", "tv", "yuv420p10le", "libx265")]
    [InlineData("ten-bit-2020", "bt2020", "bt2020nc", "tv", "yuv420p10le", "libx265")]
    [InlineData("444-709", "bt709", "bt709", "tv", "yuv444p", "libx264")]
    [InlineData("422-601", "bt601", "smpte170m", "tv", "yuv422p", "libx264")]
    public void Read_TaggedVideo_GivesTheColoursThatWentIn(string name, string matrix, string space, string range, string pixels, string codec)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        (string Name, byte[] Rgb)[] colours = [("0xD03020", [0xD0, 0x30, 0x20]), ("0x20A040", [0x20, 0xA0, 0x40]), ("0x3050E0", [0x30, 0x50, 0xE0]), ("0xC8C8C8", [0xC8, 0xC8, 0xC8]), ("0x101010", [0x10, 0x10, 0x10])];
        foreach (var (colour, rgb) in colours)
        {
            var path = InstalledFfmpeg.Make(Path.Combine(_folder, $"{name}-{colour}.mp4"), "-f", "lavfi", "-i", $"color={colour}:s=96x64:r=10:d=1,format=gbrp",
                "-vf", $"scale=out_color_matrix={matrix}:out_range={range}:flags=accurate_rnd+full_chroma_int,format={pixels}",
                "-x265-params", "log-level=none", "-colorspace", space, "-color_range", range, "-color_primaries", space.Replace("nc", ""), "-c:v", codec, "-crf", "4");
            Skip.IfNot(File.Exists(path) && new FileInfo(path).Length > 0, $"this ffmpeg cannot make {name}");
            var frames = new VideoFrameReader(new()).Read(new("v", path), [new(2, new(8))]).Frames[0];
            for (var i = 0; i < frames.Length; i++)
                Assert.True(Math.Abs(frames[i] - rgb[i % 3]) <= Tolerance, $"{name}: {colour} came out as {frames[0]}, {frames[1]}, {frames[2]}");
        }
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public void Read_RotatedVideo_IsUpright(int degrees)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        // Stored: red and lime above, blue and white below.
        var stored = InstalledFfmpeg.Make(Path.Combine(_folder, "stored.mp4"), "-f", "lavfi", "-i",
            "color=red:s=96x64:r=5:d=1,drawbox=x=48:y=0:w=48:h=32:color=lime:t=fill,drawbox=x=0:y=32:w=48:h=32:color=blue:t=fill,drawbox=x=48:y=32:w=48:h=32:color=white:t=fill",
            "-pix_fmt", "yuv444p", "-c:v", "libx264", "-crf", "4");
        var path = InstalledFfmpeg.Make(Path.Combine(_folder, $"{degrees}.mp4"), "-i", stored, "-c", "copy", "-metadata:s:v:0", $"rotate={degrees}");
        // What the container says, counted counter-clockwise: which way the encoder's option turns depends on its version.
        var said = InstalledFfmpeg.Run("ffprobe", ["-loglevel", "error", "-show_entries", "stream_side_data=rotation", "-of", "default=nw=1:nk=1", path]).Trim();
        string[] corners = ["red", "lime", "blue", "white"];
        for (var turns = said.Length == 0 ? 0 : (int.Parse(said, CultureInfo.InvariantCulture) + 360) % 360 / 90; turns > 0; turns--) corners = [corners[1], corners[3], corners[0], corners[2]];
        Skip.If(degrees > 0 && corners[0] == "red", "this ffmpeg writes no rotation");
        foreach (var strategy in new DecodeStrategy?[] { null, DecodeStrategy.Seek })
        {
            var frame = new VideoFrameReader(new()) { Hooks = new() { Only = strategy } }.Read(new("v", path), [new(1, new(8, FrameFit.Stretch))]).Frames[0];
            var found = new[] { (1, 1), (6, 1), (1, 6), (6, 6) }.Select(at => Name(frame.AsSpan(3 * ((8 * at.Item2) + at.Item1), 3)));
            Assert.Equal(corners, found);
        }
    }

    private static string Name(ReadOnlySpan<byte> rgb) => (rgb[0] > 128, rgb[1] > 128, rgb[2] > 128) switch
    {
        (true, false, false) => "red",
        (false, true, false) => "lime",
        (false, false, true) => "blue",
        (true, true, true) => "white",
        _ => $"{rgb[0]},{rgb[1]},{rgb[2]}",
    };
}
