using TorchSharp;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Clip;

public sealed class TorchClipEncoderTests : IDisposable
{
    private static readonly string[] Texts = ["a dog", "cat", "a much longer text about dogs, dogs and dogs", ""];
    private readonly TinyClip _clip = new();

    public void Dispose() => _clip.Dispose();

    [Fact]
    public void Embed_ManyAtOnce_SameAsOneByOne()
    {
        using var encoder = TorchClipEncoder.Load(_clip.Folder);
        const int Count = 21;       // more than one micro-batch
        var frames = Frames(encoder, Count);
        var together = EmbedFrames(encoder, frames, Count);
        var apart = Enumerable.Range(0, Count)
            .SelectMany(i => EmbedFrames(encoder, frames.AsSpan(i * encoder.FrameFormat.FrameBytes, encoder.FrameFormat.FrameBytes), 1)).ToArray();
        AssertClose(together, apart);
        AssertClose(EmbedTexts(encoder, Texts), [.. Texts.SelectMany(text => EmbedTexts(encoder, text))]);
    }

    [Fact]
    public void Embed_FromManyThreads_SameAsFromOne()
    {
        using var encoder = TorchClipEncoder.Load(_clip.Folder);
        var frames = Frames(encoder, 3);
        var (images, texts) = (EmbedFrames(encoder, frames, 3), EmbedTexts(encoder, Texts));
        Parallel.For(0, 40, new() { MaxDegreeOfParallelism = 8 }, _ =>
        {
            Assert.Equal(images, EmbedFrames(encoder, frames, 3));
            Assert.Equal(texts, EmbedTexts(encoder, Texts));
        });
    }

    [Fact]
    public void Embed_ManyTimes_LeavesNoTensors()
    {
        using var encoder = TorchClipEncoder.Load(_clip.Folder);
        var frames = Frames(encoder, 2);
        EmbedFrames(encoder, frames, 2);
        DisposeScopeManager.Statistics.Reset();
        EmbedFrames(encoder, frames, 2);
        EmbedTexts(encoder, Texts);
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Load_InsideScopeThatEnds_StaysUsable()
    {
        TorchClipEncoder encoder;
        using (NewDisposeScope()) encoder = TorchClipEncoder.Load(_clip.Folder);
        using (encoder) Assert.All(EmbedTexts(encoder, Texts), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Save_ThenLoad_BitIdenticalEmbeddings()
    {
        using var encoder = TorchClipEncoder.Load(_clip.Folder);
        using Scalar changed = 3.25;
        using (no_grad()) encoder.Model.logit_scale.fill_(changed);
        var frames = Frames(encoder, 3);
        File.WriteAllText(_clip.File("vocab.json"), "the source may be gone");

        encoder.Save(_clip.Sibling("saved"));

        using var again = TorchClipEncoder.Load(_clip.Sibling("saved"));
        Assert.Equal(EmbedFrames(encoder, frames, 3), EmbedFrames(again, frames, 3));
        Assert.Equal(EmbedTexts(encoder, Texts), EmbedTexts(again, Texts));
        Assert.Equal(3.25f, again.LogScale);
        Assert.Equal(["model", "saved"], Directory.GetFileSystemEntries(Path.GetDirectoryName(_clip.Folder)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Save_FolderWithFiles_Refused()
    {
        using var encoder = TorchClipEncoder.Load(_clip.Folder);
        Assert.Contains("not empty", Assert.Throws<IOException>(() => encoder.Save(_clip.Folder)).Message);
        Assert.True(File.Exists(_clip.File("model.safetensors")));
    }

    [Fact]
    public void Load_MissingFolder_NamesItAndWhatIsNeeded()
    {
        var folder = _clip.Sibling("absent");
        var e = Assert.Throws<ModelFileException>(() => TorchClipEncoder.Load(folder));
        Assert.Equal(folder, e.Path);
        Assert.Contains("'model.safetensors'", e.Message);
    }

    [Fact]
    public void Load_MissingFile_ListsFoundAndNeeded()
    {
        File.Delete(_clip.File("merges.txt"));
        var e = Assert.Throws<ModelFileException>(() => TorchClipEncoder.Load(_clip.Folder));
        Assert.Contains("needed are 'config.json', 'model.safetensors', 'vocab.json', 'merges.txt'", e.Message);
        Assert.Contains("found 'config.json', 'model.safetensors', 'vocab.json'; 'vcr models list'", e.Message);
    }

    [Theory]
    [InlineData("\"vocab_size\": 517", "\"vocab_size\": 518", "tensor 'text_model.embeddings.token_embedding.weight' has shape [517, 16]", "[518, 16]")]
    [InlineData("\"projection_dim\": 8", "\"projection_dim\": 9", "'visual_projection.weight' has shape [8, 24]", "[9, 24]")]
    public void Load_WrongTensorShape_NamesTensorAndBothShapes(string old, string replacement, string found, string expected)
    {
        _clip.Edit("config.json", old, replacement);
        var e = Assert.Throws<ModelFileException>(() => TorchClipEncoder.Load(_clip.Folder));
        Assert.Equal(_clip.File("model.safetensors"), e.Path);
        Assert.Contains(found, e.Message);
        Assert.Contains(expected, e.Message);
    }

    [Fact]
    public void Load_MissingOrUnexpectedTensors_NamesThem()
    {
        Rewrite(tensors => tensors.Remove("logit_scale"));
        Assert.Contains("'logit_scale' is missing", Assert.Throws<ModelFileException>(() => TorchClipEncoder.Load(_clip.Folder)).Message);
        Rewrite(tensors => tensors["logit_scale"] = tensor(1f));
        Rewrite(tensors => tensors["text_model.embeddings.position_ids"] = TensorArithmetic.Indices(12, CPU));
        TorchClipEncoder.Load(_clip.Folder).Dispose();
        Rewrite(tensors => tensors["extra.weight"] = ones(2));
        Assert.Contains("'extra.weight' is not part", Assert.Throws<ModelFileException>(() => TorchClipEncoder.Load(_clip.Folder)).Message);
    }

    [Fact]
    public void Load_IntegerWeights_Refused()
    {
        Rewrite(tensors => tensors["logit_scale"] = tensor(1L));
        Assert.Contains("'logit_scale' has type Int64", Assert.Throws<ModelFileException>(() => TorchClipEncoder.Load(_clip.Folder)).Message);
    }

    [Fact]
    public void Load_VocabularyLargerThanTable_NamesBothFiles()
    {
        _clip.Edit("vocab.json", ":516", ":517");
        var e = Assert.Throws<ModelFileException>(() => TorchClipEncoder.Load(_clip.Folder));
        Assert.Contains("largest id is 517", e.Message);
        Assert.Contains("vocab_size", e.Message);
    }

    [Fact]
    public void Embed_WrongLengths_NamesBoth()
    {
        using var encoder = TorchClipEncoder.Load(_clip.Folder);
        Assert.Contains("768 bytes", Assert.Throws<ArgumentException>(() => encoder.EmbedFrames(new byte[5], 1, new float[8])).Message);
        Assert.Contains("8 values", Assert.Throws<ArgumentException>(() => encoder.EmbedTexts(["a"], new float[5])).Message);
    }

    private void Rewrite(Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        using (var file = new SafetensorsFile(_clip.File("model.safetensors")))
            foreach (var name in file.Entries.Keys) tensors[name] = file.Read(name);
        change(tensors);
        TorchWeights.Write(_clip.File("model.safetensors"), tensors);
    }

    private static byte[] Frames(TorchClipEncoder encoder, int count)
    {
        var frames = new byte[count * encoder.FrameFormat.FrameBytes];
        new Random(3).NextBytes(frames);
        return frames;
    }

    private static float[] EmbedFrames(TorchClipEncoder encoder, ReadOnlySpan<byte> frames, int count)
    {
        var embeddings = new float[count * encoder.Dimension];
        encoder.EmbedFrames(frames, count, embeddings);
        return embeddings;
    }

    private static float[] EmbedTexts(TorchClipEncoder encoder, params string[] texts)
    {
        var embeddings = new float[texts.Length * encoder.Dimension];
        encoder.EmbedTexts(texts, embeddings);
        return embeddings;
    }

    private static void AssertClose(float[] expected, float[] got)
    {
        Assert.Equal(expected.Length, got.Length);
        for (var i = 0; i < got.Length; i++) Assert.InRange(got[i] - expected[i], -1e-5, 1e-5);
    }
}
