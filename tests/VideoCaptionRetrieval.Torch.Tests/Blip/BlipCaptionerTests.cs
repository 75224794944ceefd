using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Torch.Tests.Blip;

public sealed class BlipCaptionerTests : IDisposable
{
    private const int Count = 9;
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-blip-").FullName;
    private readonly byte[] _frames = TinyBlip.Frames(Count);

    public BlipCaptionerTests() => TinyBlip.Write(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Caption_SmallModel_OneTextForEachImageThatDependsOnIt()
    {
        using var captioner = Load();
        Assert.Equal(new FrameFormat(TinyBlip.ImageSize, FrameFit.Stretch), captioner.FrameFormat);
        var captions = captioner.Caption(_frames, Count);
        Assert.Equal(Count, captions.Count);
        Assert.True(captions.Distinct().Count() > 1, string.Join(" | ", captions));
        Assert.All(captions, caption => Assert.DoesNotContain("[", caption));
        Assert.Empty(captioner.Caption(default, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Caption_BatchOfOneOrFourOrAll_SameTexts(int beams)
    {
        var options = new GenerationOptions { Beams = beams };
        using var one = Open(_folder).Load(options, batchSize: 1);
        using var four = Open(_folder).Load(options, batchSize: 4);
        using var all = Open(_folder).Load(options, batchSize: Count);
        var captions = all.Caption(_frames, Count);
        Assert.Equal(captions, one.Caption(_frames, Count));
        Assert.Equal(captions, four.Caption(_frames, Count));
    }

    [Fact]
    public void Caption_ImagesInOtherOrder_TextsInThatOrder()
    {
        using var captioner = Load();
        var captions = captioner.Caption(_frames, Count);
        int[] order = [4, 0, 8, 2, 7, 1, 3, 6, 5];
        var reordered = order.SelectMany(Frame).ToArray();
        Assert.Equal(order.Select(image => captions[image]), captioner.Caption(reordered, Count));
    }

    [Fact]
    public void Caption_Prompt_CutFromTheCaption()
    {
        using var captioner = Load(new() { Prompt = "A picture of", MaxLength = 24 });
        using var same = Load(new() { Prompt = " a PICTURE  of ", MaxLength = 24 });
        var captions = captioner.Caption(_frames, Count);
        Assert.All(captions, caption => Assert.False(caption.StartsWith("a picture of", StringComparison.Ordinal) && caption.Length == 0));
        Assert.Equal(captions, same.Caption(_frames, Count));
    }

    [Fact]
    public void Caption_FromManyThreads_SameTexts()
    {
        using var captioner = Load();
        var captions = captioner.Caption(_frames, Count);
        Parallel.For(0, 16, new() { MaxDegreeOfParallelism = 8 }, call =>
            Assert.Equal([captions[call % Count]], captioner.Caption(Frame(call % Count), 1)));
    }

    [Fact]
    public void Caption_GarbageCollectionsAllTheTime_SameTexts()
    {
        using var captioner = Load();
        var captions = captioner.Caption(_frames, Count);
        using var collections = new GarbageCollections();
        for (var run = 0; run < 20; run++) Assert.Equal(captions, captioner.Caption(_frames, Count));
    }

    [Fact]
    public void Caption_CancelledBefore_Ends()
    {
        using var captioner = Load();
        Assert.Throws<OperationCanceledException>(() => captioner.Caption(_frames, Count, new CancellationToken(canceled: true)));
        Assert.Equal(Count, captioner.Caption(_frames, Count).Count);
    }

    [Fact]
    public void Caption_WrongNumberOfBytes_NamesBoth()
    {
        using var captioner = Load();
        var message = Assert.Throws<ArgumentException>(() => captioner.Caption(_frames.AsMemory(1), Count)).Message;
        Assert.Contains($"{_frames.Length}", message);
        Assert.Contains($"{_frames.Length - 1}", message);
    }

    [Fact]
    public void Caption_AfterDispose_Refused()
    {
        var captioner = Load();
        captioner.Dispose();
        captioner.Dispose();
        Assert.Throws<ObjectDisposedException>(() => captioner.Caption(_frames, Count));
    }

    [Fact]
    public void Identity_WeightsAndEverySetting_ChangeIt()
    {
        string Of(GenerationOptions options)
        {
            using var captioner = Load(options);
            return captioner.Identity;
        }
        var identity = Of(new());
        Assert.Equal(identity, Of(new()));
        GenerationOptions[] others =
        [
            new() { Beams = 2 }, new() { MinLength = 4 }, new() { MaxLength = 19 }, new() { RepetitionPenalty = 1.1f }, new() { NoRepeatNgramSize = 3 },
            new() { LengthPenalty = 0.5 }, new() { Prompt = "a dog" },
            new() { EarlyStopping = true }, new() { Beams = 1, TopP = 0.9 }, new() { Beams = 1, TopP = 0.8 }, new() { Beams = 1, TopP = 0.9, TopK = 9 },
            new() { Beams = 1, TopP = 0.9, Temperature = 0.5 }, new() { Beams = 1, TopP = 0.9, Seed = 2 },
        ];
        var all = others.Select(Of).Append(identity).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        TinyBlip.Write(_folder, seed: 8);
        Assert.NotEqual(identity, Of(new()));
    }

    [Theory]
    [InlineData("a picture of a dog on", 7, "leaves no room")]
    [InlineData(null, 40, "positions for 32")]
    public void Load_LengthThatDoesNotFit_SaysSo(string? prompt, int maxLength, string problem) =>
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => Load(new() { Prompt = prompt, MaxLength = maxLength })).Message);

    [Fact]
    public void Load_InvalidOptions_RefusedBeforeTheFilesAreRead() =>
        Assert.Throws<ArgumentException>(() => LoadWithoutWeights(new() { Beams = 0 }));

    /// <summary>The checkpoint is opened by its configuration; its weights are gone before they are read.</summary>
    private GenerativeCaptioner LoadWithoutWeights(GenerationOptions options)
    {
        var checkpoint = Open(_folder);
        File.Delete(Path.Combine(_folder, "model.safetensors"));
        return checkpoint.Load(options);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("vocab.txt")]
    public void Load_FileMissing_NamesIt(string name)
    {
        File.Delete(Path.Combine(_folder, "tokenizer.json"));       // it would stand in for vocab.txt
        File.Delete(Path.Combine(_folder, name));
        Assert.Equal(Path.Combine(_folder, name), Assert.Throws<ModelFileException>(() => Load()).Path);
    }

    [Fact]
    public void Load_FolderMissing_NamesIt() =>
        Assert.Contains("absent", Assert.Throws<ModelFileException>(() => Open(Path.Combine(_folder, "absent")).Load(new())).Message);

    [Theory]
    [InlineData(64)]
    [InlineData(24)]
    public void Load_PreprocessorOfAnotherSize_PositionsAreInterpolated(int size)
    {
        WriteSize(size);
        using var captioner = Load();
        Assert.Equal(new FrameFormat(size, FrameFit.Stretch), captioner.FrameFormat);
        var frame = new byte[3 * size * size];
        new Random(1).NextBytes(frame);
        Assert.Single(captioner.Caption(frame, 1));
    }

    [Fact]
    public void Load_ImagesSmallerThanAPatch_SaysSo()
    {
        WriteSize(4);
        Assert.Contains("4 pixels", Assert.Throws<ModelFileException>(() => Load()).Message);
    }

    [Fact]
    public void Caption_NucleusSampling_ByTheSeedAloneAndNotByTheBatch()
    {
        using var captioner = Load(new() { Beams = 1, TopP = 0.95, Seed = 4 });
        using var other = Load(new() { Beams = 1, TopP = 0.95, Seed = 5 });
        var captions = captioner.Caption(_frames, Count);
        for (var image = 0; image < Count; image++) Assert.Equal(captions[image], Assert.Single(captioner.Caption(Frame(image), 1)));
        Assert.NotEqual(captions, other.Caption(_frames, Count));
    }

    [Fact]
    public void Load_StopToken_IsNotForBlip() =>
        Assert.Contains("StopToken", Assert.Throws<ArgumentException>(() => Load(new() { StopToken = "." })).Message);

    [Fact]
    public void Load_VocabularyTooLong_NamesBoth()
    {
        File.AppendAllText(Path.Combine(_folder, "vocab.txt"), "one\ntwo\nthree\n");
        Assert.Contains("vocab_size", Assert.Throws<ModelFileException>(() => Load()).Message);
    }

    private void WriteSize(int size) => File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"),
        $$$"""{"image_processor_type":"BlipImageProcessor","size":{"height":{{{size}}},"width":{{{size}}}}}""");

    private static BlipCaptionerCheckpoint Open(string folder) => new(BlipCheckpoint.Open(folder));

    private GenerativeCaptioner Load(GenerationOptions? options = null) => Open(_folder).Load(options ?? new());

    private byte[] Frame(int image) => _frames[(image * _frames.Length / Count)..((image + 1) * _frames.Length / Count)];
}
