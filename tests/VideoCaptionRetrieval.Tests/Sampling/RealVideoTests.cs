using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Sampling;

public sealed class RealVideoTests
{
    /// <summary>Larger clips cost the reference decode more seconds than they are worth; their times are compared all the same.</summary>
    private const long MaximumReferencePixels = 300_000_000;

    /// <summary>ffprobe prints times to the microsecond.</summary>
    private const double TimeTolerance = 2e-6;

    /// <summary>Files that hold no picture that can be decoded, as the folder's README says.</summary>
    private static readonly HashSet<string> _unreadable = ["ffc_audio_only.mp4", "small.flv", "small.avi"];

    private static string Folder => Path.Combine(ReferenceFolder.Media, "videos");

    public static TheoryData<string> Files => Directory.Exists(Folder)
        ? [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "manifest.json")))!.AsArray().Select(entry => entry!["file"]!.GetValue<string>())]
        : ["(media absent)"];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Read_RealClip_EqualsAFullDecode(string file)
    {
        ReferenceFolder.SkipWhereAbsent(Folder);
        InstalledFfmpeg.SkipWhereAbsent();
        var clip = new VideoClip(file, Path.Combine(Folder, file));
        FrameRequest[] requests = [new(10, new(32)), new(3, new(48, FrameFit.Stretch)), new(7, new(32))];
        var reader = new VideoFrameReader(new());
        if (_unreadable.Contains(file))
        {
            Assert.NotEmpty(Assert.Throws<VideoReadException>(() => reader.Read(clip, requests)).Reason);
            return;
        }
        var sampled = reader.Read(clip, requests);
        if (file.EndsWith(".webp", StringComparison.Ordinal)) Assert.True(sampled.Frames[0].Distinct().Count() > 2);
        else CompareWithReference(clip, requests, sampled);
    }

    private static void CompareWithReference(VideoClip clip, FrameRequest[] requests, SampledFrames sampled)
    {
        var reference = new ReferenceDecode(clip.Path);
        Assert.Equal(reference.Stated!.Value, sampled.Duration, 6);
        var ordinals = requests.Select(request => reference.Ordinals(0, sampled.Duration, request.Count)).ToArray();
        for (var i = 0; i < requests.Length; i++)
            for (var k = 0; k < ordinals[i].Length; k++)
                Assert.True(Math.Abs(reference.Times[ordinals[i][k]] - sampled.Times[i][k]) < TimeTolerance,
                    $"{clip.VideoId}: frame {k} is at {sampled.Times[i][k]} s, expected {reference.Times[ordinals[i][k]]} s");
        var (width, height) = reference.FirstSize();
        if ((long)width * height * reference.Times.Length > MaximumReferencePixels) return;
        var frames = reference.Frames([.. requests.Select((request, i) => (ordinals[i], request.Format))]);
        for (var i = 0; i < requests.Length; i++)
            Assert.True(frames[i].AsSpan().SequenceEqual(sampled.Frames[i]), $"{clip.VideoId}: pixels of request {i} differ");
    }
}
