using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Decoding;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Video;

public sealed class RealVideoTests
{
    /// <summary>Larger clips cost the reference decode more seconds than they are worth; their times are compared all the same.</summary>
    private const long MaximumReferencePixels = 300_000_000;

    /// <summary>ffprobe prints times to the microsecond.</summary>
    private const double TimeTolerance = 2e-6;

    /// <summary>Files that hold no picture that can be decoded, as the folder's README says.</summary>
    private static readonly HashSet<string> _unreadable = ["ffc_audio_only.mp4", "small.flv", "small.avi"];

    private static string Folder => Path.Combine(ReferenceFolder.Media, "videos");

    private static string[] Files => Directory.Exists(Folder)
        ? [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "manifest.json")))!.AsArray().Select(entry => entry!["file"]!.GetValue<string>())]
        : ["(media absent)"];

    /// <summary>Every file by every strategy; null = the one that is chosen.</summary>
    public static TheoryData<string, string?> Ways
    {
        get
        {
            var ways = new TheoryData<string, string?>();
            foreach (var file in Files)
                foreach (var way in new[] { null, "OnePass", "Seek", "KeyFrames" })
                    ways.Add(file, way);
            return ways;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public void Read_RealClip_EqualsAFullDecode(string file, string? strategy)
    {
        ReferenceFolder.SkipWhereAbsent(Folder);
        InstalledFfmpeg.SkipWhereAbsent();
        var clip = new VideoClip(file, Path.Combine(Folder, file));
        // Where key frames alone are decoded, no others may be asked for.
        var selection = strategy == "KeyFrames" ? FrameSelection.KeyFrames : FrameSelection.SegmentMiddles;
        FrameRequest[] requests =
        [
            .. new FrameRequest[] { new(10, new(32)), new(3, new(48, FrameFit.Stretch)), new(7, new(32)) }.Select(request => request with { Selection = selection }),
        ];
        var reader = new VideoFrameReader(new() { PixelAspect = PixelAspect.Stored }) { Hooks = new() { Only = strategy is null ? null : Enum.Parse<DecodeStrategy>(strategy) } };
        if (_unreadable.Contains(file))
        {
            Assert.NotEmpty(Assert.Throws<VideoReadException>(() => reader.Read(clip, requests)).Reason);
            return;
        }
        var sampled = reader.Read(clip, requests);
        if (file.EndsWith(".webp", StringComparison.Ordinal)) Assert.True(sampled.Frames[0].Distinct().Count() > 2);
        else CompareWithReference(clip, requests, sampled, ReferenceDecode.Of(clip.Path));
    }

    private static void CompareWithReference(VideoClip clip, FrameRequest[] requests, SampledFrames sampled, ReferenceDecode reference)
    {
        Assert.Equal(reference.Stated!.Value, sampled.Duration, 6);
        var ordinals = requests.Select(request => request.Selection == FrameSelection.KeyFrames
            ? reference.KeyOrdinals(request.Count!.Value)
            : reference.Ordinals(0, sampled.Duration, request.Count!.Value)).ToArray();
        for (var i = 0; i < requests.Length; i++)
            for (var k = 0; k < ordinals[i].Length; k++)
                Assert.True(Math.Abs(reference.PictureStart + reference.Times[ordinals[i][k]] - sampled.Times[i][k]) < TimeTolerance,
                    Invariant($"{clip.VideoId}: frame {k} is at {sampled.Times[i][k]} s, expected {reference.PictureStart + reference.Times[ordinals[i][k]]} s"));
        var (width, height) = reference.FirstSize();
        if ((long)width * height * reference.Times.Length > MaximumReferencePixels) return;
        var frames = reference.Frames([.. requests.Select((request, i) => (ordinals[i], request.Format))]);
        for (var i = 0; i < requests.Length; i++)
            Assert.True(frames[i].AsSpan().SequenceEqual(sampled.Frames[i]), $"{clip.VideoId}: pixels of request {i} differ");
    }
}
