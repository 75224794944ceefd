using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>Makes files that should not be trusted. Each maker gets the folder and the path that it must make.</summary>
internal sealed class HostileFiles(string folder)
{
    /// <summary>The outcome of a file that can be read.</summary>
    internal const string Frames = "(frames)";

    /// <summary>Name, outcome (frames, or a part of the reason), maker.</summary>
    internal static readonly IReadOnlyList<(string Name, string Outcome, Action<HostileFiles, string> Make)> Table =
    [
        ("empty.mp4", "is empty", (_, path) => File.WriteAllBytes(path, [])),
        ("no-moov.mp4", "moov atom not found", (files, path) => files.Cut(path, files.Plain, 0.5)),
        ("random.mp4", "exit code", (_, path) => File.WriteAllBytes(path, RandomBytes(100_000))),
        ("text.mp4", "exit code", (_, path) => File.WriteAllText(path, "no video at all\n")),
        ("audio-only.mp4", "holds no video stream; found: audio aac", (files, path) => Ffmpeg(path, "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac")),
        ("header-only.avi", "exit code", (files, path) => files.Cut(path, Ffmpeg(files.At("a.avi"), "-f", "lavfi", "-i", Picture, "-c:v", "mpeg4"), bytes: 5000)),
        ("one-frame.mp4", Frames, (_, path) => Ffmpeg(path, "-f", "lavfi", "-i", Picture, "-frames:v", "1", "-c:v", "libx264")),
        ("png-as.mp4", Frames, (files, path) => File.Move(Ffmpeg(files.At("p.png"), "-f", "lavfi", "-i", Picture, "-frames:v", "1"), path)),
        ("animated.gif", Frames, (_, path) => Ffmpeg(path, "-f", "lavfi", "-i", Picture)),
        ("animated.webp", Frames, (_, path) => Ffmpeg(path, "-f", "lavfi", "-i", Picture, "-loop", "0")),
        ("ten-bit.mp4", Frames, (_, path) => Ffmpeg(path, "-f", "lavfi", "-i", Picture, "-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-x265-params", "log-level=none")),
        ("odd-353x241.mp4", Frames, (_, path) => Ffmpeg(path, "-f", "lavfi", "-i", Picture, "-vf", "format=yuv444p,scale=353:241", "-c:v", "libx264")),
        ("claims-2h.mp4", Frames, (files, path) => files.Patch(path, ClaimTwoHours)),
        ("stts-lies.mp4", Frames, (files, path) => files.Patch(path, LieAboutTheLastFrame)),
        ("cut-end.mp4", Frames, (files, path) => files.Cut(path, files.Fast, 0.6)),
        ("bit-flips.mp4", Frames, (files, path) => files.Patch(path, FlipBits)),
        ("raw.h264", Frames, (_, path) => Ffmpeg(path, "-f", "lavfi", "-i", Picture, "-c:v", "libx264")),
        ("live.mkv", Frames, (files, path) => Ffmpeg(path, "-f", "lavfi", "-i", Picture, "-c:v", "libx264", "-f", "matroska", "-live", "1")),
        ("variable.mkv", Frames, (_, path) => Ffmpeg(path, "-f", "lavfi", "-i", Picture, "-vf", "select='lt(n,9)+gt(n,45)'", "-fps_mode", "passthrough", "-c:v", "libx264")),
        ("-y.mp4", Frames, Copy), ("-i -vf null.mp4", Frames, Copy), ("%03d.mp4", Frames, Copy), ("back\\slash\\.mp4", Frames, Copy),
        ("a \"q\" 'x' $(touch PWNED) ; `touch PWNED` é漢字.mp4", Frames, Copy), ("new\nline.mp4", Frames, Copy),
        ("concat:plain.mp4|fast.mp4", Frames, Copy), ("http:x.mp4", Frames, Copy), ("pipe:0.mp4", Frames, Copy),
        ("folder.mp4", "is a folder", (_, path) => Directory.CreateDirectory(path)),
        ("absent.mp4", "does not exist", (_, _) => { }),
        ("pipe.mp4", "pipe or device", (_, path) => Run("mkfifo", path)),
        ("pipe-behind-a-link.mp4", "pipe or device", (files, path) => { Run("mkfifo", files.At("p")); File.CreateSymbolicLink(path, files.At("p")); }),
        ("device-behind-a-link.mp4", "pipe or device", (_, path) => File.CreateSymbolicLink(path, "/dev/zero")),
        ("loop.mp4", "cannot be opened", (files, path) => { File.CreateSymbolicLink(path, files.At("loop2")); File.CreateSymbolicLink(files.At("loop2"), path); }),
        ("playlist-of-a-local-file.mp4", "not on whitelist", (files, path) => Playlist(path, Ffmpeg(files.At("s.ts"), "-i", files.Plain, "-c", "copy"))),
        ("playlist-of-passwd.mp4", "not on whitelist", (_, path) => Playlist(path, "file:///etc/passwd")),
        ("playlist-of-http.mp4", "not on whitelist", (_, path) => Playlist(path, "http://127.0.0.1:9/x.ts")),
        ("concat-script.mp4", "not on whitelist", (files, path) => File.WriteAllText(path, $"ffconcat version 1.0\nfile '{files.Plain}'\n")),
        ("session.mp4", "not on whitelist", (_, path) => File.WriteAllText(path, "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 59999 RTP/AVP 96\na=rtpmap:96 H264/90000\n")),
        ("svg.mp4", "exit code", (_, path) => File.WriteAllText(path, "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>")),
        ("huge.png", "Picture size", (_, path) => File.WriteAllBytes(path, Png(65_000, 65_000, 100_000))),
        ("bomb.png", "Picture size", (_, path) => File.WriteAllBytes(path, Png(12_000, 12_000, 12_000 * 36_001))),
        ("hole.mp4", Frames, (files, path) => { File.Copy(files.Plain, path); using var file = File.OpenWrite(path); file.SetLength(4L << 30); }),
        ("many-frames.mkv", Frames, (_, path) => Ffmpeg(path, "-f", "lavfi", "-i", "color=s=64x64:r=1000:d=30", "-c:v", "libx264", "-preset", "ultrafast")),
    ];

    private const string Picture = "testsrc2=s=320x240:r=25:d=2,format=yuv420p";

    private readonly string _plain = Ffmpeg(Path.Combine(folder, "plain.mp4"), "-f", "lavfi", "-i", Picture, "-c:v", "libx264", "-g", "25");

    internal string Plain => _plain;

    /// <summary>The same with its index at the beginning.</summary>
    internal string Fast => File.Exists(At("fast.mp4")) ? At("fast.mp4") : Ffmpeg(At("fast.mp4"), "-i", Plain, "-c", "copy", "-movflags", "+faststart");

    internal string At(string name) => Path.Combine(folder, name);

    private static string Ffmpeg(string path, params string[] arguments) => InstalledFfmpeg.Make(path, arguments);

    private static void Copy(HostileFiles files, string path) => File.Copy(files.Plain, path);

    private void Cut(string path, string whole, double part = 1, int bytes = int.MaxValue)
    {
        var content = File.ReadAllBytes(whole);
        File.WriteAllBytes(path, content[..Math.Min((int)(content.Length * part), bytes)]);
    }

    private void Patch(string path, Action<byte[]> change)
    {
        var content = File.ReadAllBytes(Fast);
        change(content);
        File.WriteAllBytes(path, content);
    }

    private static void ClaimTwoHours(byte[] file)
    {
        foreach (var (box, offset) in new[] { ("mvhd", 16), ("tkhd", 24), ("mdhd", 16) })
            Multiply(file.AsSpan(file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(box)) + 4 + offset));
        var list = file.AsSpan().IndexOf("elst"u8);
        if (list > 0) Multiply(file.AsSpan(list + 12));
    }

    private static void LieAboutTheLastFrame(byte[] file)
    {
        var box = file.AsSpan().IndexOf("stts"u8);
        var entries = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(box + 8));
        Multiply(file.AsSpan(box + 12 + (8 * (entries - 1)) + 4));
    }

    private static void Multiply(Span<byte> number) =>
        BinaryPrimitives.WriteUInt32BigEndian(number, (uint)Math.Min(3600L * BinaryPrimitives.ReadUInt32BigEndian(number), int.MaxValue));

    private static void FlipBits(byte[] file)
    {
        var random = new Random(1);
        var data = file.AsSpan().IndexOf("mdat"u8) + 500;
        for (var i = 0; i < 60; i++) file[random.Next(data, file.Length)] ^= (byte)(1 << random.Next(8));
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    private static void Playlist(string path, string segment) =>
        File.WriteAllText(path, $"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:2.0,\n{segment}\n#EXT-X-ENDLIST\n");

    private static byte[] Png(int width, int height, int bytes)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(new byte[bytes]);
        return [137, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes(type), .. data];
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Checksum(content));
        return [.. length, .. content, .. checksum];
    }

    /// <summary>CRC-32 as PNG asks for it.</summary>
    private static uint Checksum(byte[] content)
    {
        var sum = uint.MaxValue;
        foreach (var value in content)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ (0xEDB88320 & (0 - (sum & 1)));
        }
        return ~sum;
    }

    private static void Run(string program, string argument)
    {
        using var process = Process.Start(program, [argument]);
        process.WaitForExit();
    }
}
