using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Torch.Tests.ClipCap;

public sealed class ClipCapCaptionerTests
{
    private const int Count = 7;

    public static TheoryData<string> Mappers => [.. Enum.GetNames<ClipCapMapperKind>()];

    [Theory]
    [MemberData(nameof(Mappers))]
    public void Caption_EveryMapperAndBatch_SameTexts(string mapper)
    {
        using var files = new TinyClipCap(Enum.Parse<ClipCapMapperKind>(mapper));
        foreach (var beams in new[] { 1, 5 })
        {
            using var captioner = Open(files, beams);
            Assert.Equal(new FrameFormat(16), captioner.FrameFormat);
            var frames = Frames(files);
            var captions = captioner.Caption(frames, Count);
            Assert.Equal(Count, captions.Count);
            Assert.True(captions.Distinct().Count() > 1, string.Join(" | ", captions));
            for (var image = 0; image < Count; image++)
                Assert.Equal(captions[image], Assert.Single(captioner.Caption(frames.AsMemory(image * files.FrameBytes, files.FrameBytes), 1)));
        }
    }

    [Fact]
    public void Open_OwnClipOrNamedOne_SameCaptionsAndOneIdentity()
    {
        using var files = new TinyClipCap(ClipCapMapperKind.Mlp);
        using var named = Open(files, beams: 1);
        Directory.CreateSymbolicLink(Path.Combine(files.Folder, "clip"), files.Clip);
        using var own = CheckpointFormats.Require<CaptionerCheckpoint>(files.Folder).Load();
        Assert.Equal(named.Caption(Frames(files), Count), own.Caption(Frames(files), Count));
        Assert.Equal(named.Identity, own.Identity);
        Assert.StartsWith("clipcap sha256:", own.Identity);
    }

    [Fact]
    public void Open_SeveralFilesOfWeights_FirstByName()
    {
        using var files = new TinyClipCap(ClipCapMapperKind.Mlp);
        using var other = new TinyClipCap(ClipCapMapperKind.Linear, seed: 9);
        using var before = Open(files, beams: 1);
        File.Copy(other.Weights, Path.Combine(files.Folder, "zzz.safetensors"));
        using var same = Open(files, beams: 1);
        Assert.Equal(before.Identity, same.Identity);
        File.Copy(other.Weights, Path.Combine(files.Folder, "aaa.safetensors"));
        using var changed = Open(files, beams: 1);
        Assert.NotEqual(before.Identity, changed.Identity);
    }

    [Fact]
    public void Open_NoClip_SaysWhereItIsLookedFor()
    {
        using var files = new TinyClipCap(ClipCapMapperKind.Mlp);
        var e = Assert.Throws<ModelFileException>(() => CheckpointFormats.Require<CaptionerCheckpoint>(files.Folder).Load());
        Assert.Equal(Path.Combine(files.Folder, "clip"), e.Path);
        Assert.Contains("--captioner-clip", e.Message);
    }

    [Fact]
    public void Load_OptionsThatDoNotFit_SayWhy()
    {
        using var files = new TinyClipCap(ClipCapMapperKind.Linear);
        string Problem(GenerationOptions options) => Assert.Throws<ArgumentException>(() => CheckpointFormats.Require<CaptionerCheckpoint>(files.Folder, new(Clip: files.Clip)).Load(options)).Message;
        Assert.Contains("Prompt", Problem(new() { Beams = 1, Prompt = "a photo of" }));
        Assert.Contains("positions for 76", Problem(new() { MaxLength = 77 }));
        Assert.Contains("StopToken", Problem(new() { StopToken = "two words" }));
    }

    [Fact]
    public void Load_StopToken_EndsTheTexts()
    {
        using var files = new TinyClipCap(ClipCapMapperKind.Mlp);
        using var captioner = CheckpointFormats.Require<CaptionerCheckpoint>(files.Folder, new(Clip: files.Clip)).Load(new() { Beams = 1, MinLength = 0, MaxLength = 60 });
        var texts = string.Concat(captioner.Caption(Frames(files), Count));
        var stop = $"{texts.First(letter => letter is > ' ' and <= '~' && !"thedoga".Contains(letter))}";       // a token that no other one contains
        using var shorter = CheckpointFormats.Require<CaptionerCheckpoint>(files.Folder, new(Clip: files.Clip)).Load(new() { Beams = 1, MinLength = 0, MaxLength = 60, StopToken = stop });
        Assert.All(shorter.Caption(Frames(files), Count), caption => Assert.DoesNotContain(stop, caption[..^1], StringComparison.Ordinal));
    }

    private static GenerativeCaptioner Open(TinyClipCap files, int beams)
    {
        var options = GenerationOptions.ForClipCap();
        options.Beams = beams;
        return CheckpointFormats.Require<CaptionerCheckpoint>(files.Folder, new(Clip: files.Clip)).Load(options);
    }

    private static byte[] Frames(TinyClipCap files)
    {
        var frames = new byte[Count * files.FrameBytes];
        new Random(5).NextBytes(frames);
        for (var i = 0; i < frames.Length; i++) frames[i] = (byte)(frames[i] * (1 + (i / files.FrameBytes)) / Count);
        return frames;
    }
}
