using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Models.VisionEncoderDecoder;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Models.Tests.Captioners;

public sealed class CaptionerFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("captioner").FullName;

    public static TheoryData<string> Exports => FixtureCase.OfKind("vitgpt2");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_Blip_KindFormatAndDefaults()
    {
        TinyBlip.Write(_folder);
        var folder = CheckpointFormats.Require<CaptionerCheckpoint>(_folder);
        Assert.IsType<BlipCaptionerCheckpoint>(folder);
        Assert.Equal(new FrameFormat(TinyBlip.ImageSize, FrameFit.Stretch), folder.FrameFormat);
        Assert.Equal((3, 5, 20), (folder.DefaultGeneration.Beams, folder.DefaultGeneration.MinLength, folder.DefaultGeneration.MaxLength));
        Assert.Contains(Path.Combine(_folder, "model.safetensors"), folder.Files);
    }

    [Fact]
    public void Open_ClipForAnotherKind_Refused()
    {
        TinyBlip.Write(_folder);
        Assert.Contains("takes no CLIP", Assert.Throws<ModelFileException>(() => CheckpointFormats.Require<CaptionerCheckpoint>(_folder, new(Clip: "clip"))).Message);
    }

    [Fact]
    public void Open_NoCaptioner_ListsWhatWasFoundAndWhatIsExpected()
    {
        using var clip = new TinyClip();
        var message = Assert.Throws<ModelFileException>(() => CheckpointFormats.Require<CaptionerCheckpoint>(clip.Folder)).Message;
        Assert.All(["'config.json'", "BLIP", "ClipCap", "ONNX"], (string part) => Assert.Contains(part, message));
        Assert.Contains("does not exist", Assert.Throws<ModelFileException>(() => CheckpointFormats.Require<CaptionerCheckpoint>(Path.Combine(_folder, "absent"))).Message);
    }

    public static TheoryData<string> ClipCaps => FixtureCase.OfKind("clipcap");

    [SkippableTheory]
    [MemberData(nameof(ClipCaps))]
    public void Inspect_ClipCap_NothingMissingOrLeftOver(string row)
    {
        var fixture = FixtureCase.Open(row);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "gpt2"), Path.GetFullPath(Path.Combine(fixture.Model, "gpt2")));
        var weights = fixture.Options["checkpoint"]!.GetValue<string>();
        File.CreateSymbolicLink(Path.Combine(_folder, weights), Path.GetFullPath(Path.Combine(fixture.Model, weights)));
        var report = CheckpointFormats.Inspect(_folder);
        Assert.True(report.IsComplete);
        Assert.Equal("ClipCap captioner", report.Model);
        Assert.Contains(fixture.Options["mapper"]!.GetValue<string>(), report.Facts.Select(fact => Invariant($"{fact.Value}").ToLowerInvariant()));
    }

    [SkippableTheory]
    [MemberData(nameof(Exports))]
    public void Load_Export_CaptionsDoNotDependOnTheBatch(string row)
    {
        var fixture = FixtureCase.Open(row);
        var folder = CheckpointFormats.Require<CaptionerCheckpoint>(fixture.Model);
        Assert.IsType<VisionEncoderDecoderCheckpoint>(folder);
        Assert.Equal(ResizeFilter.Bilinear, folder.FrameFormat.Filter);
        foreach (var beams in new[] { 1, 4 })
        {
            using var captioner = folder.Load(new() { Beams = beams, MinLength = 0, MaxLength = 16 });
            var (frames, bytes) = (Frames(fixture), captioner.FrameFormat.FrameBytes);
            var count = frames.Length / bytes;
            var captions = captioner.Caption(frames, count);
            Assert.True(captions.Distinct().Count() > 1, string.Join(" | ", captions));
            for (var image = 0; image < count; image++)
                Assert.Equal(captions[image], Assert.Single(captioner.Caption(frames.AsMemory(image * bytes, bytes), 1)));
        }
    }

    /// <summary>The case's images as bytes: its mean and deviation are one half.</summary>
    private static byte[] Frames(FixtureCase fixture)
    {
        using var file = fixture.Tensors();
        var (shape, values) = (file.Shape("pixel_values"), file.Floats("pixel_values"));
        var (channels, pixels) = (shape[1], shape[2] * shape[3]);
        var frames = new byte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (image, channel, pixel) = (i / (channels * pixels), i / pixels % channels, i % pixels);
            frames[(((image * pixels) + pixel) * channels) + channel] = (byte)Math.Clamp(Math.Round(((values[i] * 0.5) + 0.5) * 255), 0, 255);
        }
        return frames;
    }
}
