using TorchSharp;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip;

namespace VideoCaptionRetrieval.Models.Tests.Clip;

public sealed class ClipTextEncoderTests : IDisposable
{
    private readonly TinyClip _clip = new();

    public ClipTextEncoderTests() => ClipTextEncoder.Extract(_clip.Folder, Folder);

    public void Dispose() => _clip.Dispose();

    private string Folder => _clip.Sibling("text");

    [Theory]
    [InlineData("a dog")]
    [InlineData("")]
    [InlineData("a much longer text about dogs, dogs and dogs, which is cut")]
    public void Embed_Text_EqualsTheWholeEncoderToTheBit(string text)
    {
        using var whole = ClipEncoder.Load(_clip.Folder);
        using var alone = ClipTextEncoder.Load(Folder);
        var expected = new float[whole.Dimension];
        whole.EmbedTexts([text], expected);
        Assert.Equal(whole.Dimension, alone.Dimension);
        Assert.Equal(expected, alone.Embed(text));
    }

    [Fact]
    public void Embed_ManyThreadsAndTimes_SameAndNoTensorIsLeft()
    {
        using var encoder = ClipTextEncoder.Load(Folder);
        var expected = encoder.Embed("a dog");
        Parallel.For(0, 20, _ => Assert.Equal(expected, encoder.Embed("a dog")));
        DisposeScopeManager.Statistics.Reset();
        encoder.Embed("cat");
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Extract_Checkpoint_HoldsTheTextSideAlone()
    {
        using var whole = new SafetensorsFile(_clip.File("model.safetensors"));
        using var text = new SafetensorsFile(Path.Combine(Folder, "model.safetensors"));
        Assert.All(text.Entries.Keys, name => Assert.StartsWith("text_", name));
        Assert.Equal(whole.Entries.Keys.Where(name => name.StartsWith("text_", StringComparison.Ordinal)).Order(), text.Entries.Keys.Order());
        Assert.Equal(["config.json", "merges.txt", "model.safetensors", "preprocessor_config.json", "vocab.json"],
            Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Load_TensorMissing_NamesIt()
    {
        using (var scope = torch.NewDisposeScope())
            SafetensorsWriter.Write(Path.Combine(Folder, "model.safetensors"), new Dictionary<string, torch.Tensor> { ["text_projection.weight"] = torch.ones(8, 16) });
        Assert.Contains("text_model", Assert.Throws<ModelFileException>(() => ClipTextEncoder.Load(Folder)).Message);
    }
}
