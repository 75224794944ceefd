using TorchSharp;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Layers;

namespace VideoCaptionRetrieval.Models.Tests.Clip;

public sealed class ClipTextEncoderTests : IDisposable
{
    private static readonly string[] Files = ["config.json", "merges.txt", "model.safetensors", "preprocessor_config.json", "text_model.onnx", "vocab.json"];
    private readonly TinyClip _clip = new();

    public ClipTextEncoderTests() => ClipTextEncoder.Extract(ClipCheckpoint.Open(_clip.Folder), Folder);

    public void Dispose() => _clip.Dispose();

    private string Folder => _clip.Sibling("text");

    private string Weights => Path.Combine(Folder, "model.safetensors");

    [Theory]
    [InlineData("a dog")]
    [InlineData("")]
    [InlineData("a much longer text about dogs, dogs and dogs, which is cut")]
    public void Embed_Text_EqualsTheWholeEncoderToTheBit(string text)
    {
        using var whole = OnnxClipEncoder.Open(ClipCheckpoint.Open(_clip.Folder));
        using var alone = ClipTextEncoder.Load(Folder);
        var expected = new float[whole.Dimension];
        whole.EmbedTexts([text], expected);
        Assert.Equal(whole.Dimension, alone.Dimension);
        Assert.Equal(expected, alone.Embed(text));
    }

    [Fact]
    public void Load_FolderFromBeforeThereWereGraphs_SameEmbedding()
    {
        float[] Embed(InferenceOptions? options = null)
        {
            using var encoder = ClipTextEncoder.Load(Folder, options);
            return encoder.Embed("a dog");
        }
        var expected = Embed();
        Assert.NotEqual(expected, Embed(new() { Precision = InferencePrecision.Quantised }));
        File.Delete(Path.Combine(Folder, "text_model.onnx"));
        Assert.Equal(expected, Embed());
    }

    [Fact]
    public void Extract_Export_TakesItsGraph()
    {
        var export = _clip.Sibling("export");
        ClipExport.ToOnnx(ClipCheckpoint.Open(_clip.Folder), export);
        ClipTextEncoder.Extract(ClipCheckpoint.Open(export), _clip.Sibling("text of export"));
        using var expected = ClipTextEncoder.Load(Folder);
        using var got = ClipTextEncoder.Load(_clip.Sibling("text of export"));
        Assert.Equal(expected.Embed("a dog"), got.Embed("a dog"), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Embed_ManyThreads_Same()
    {
        using var encoder = ClipTextEncoder.Load(Folder);
        var expected = encoder.Embed("a dog");
        Parallel.For(0, 20, _ => Assert.Equal(expected, encoder.Embed("a dog")));
    }

    [Fact]
    public void Extract_Checkpoint_HoldsTheTextSideAlone()
    {
        using var whole = new SafetensorsFile(_clip.File("model.safetensors"));
        using var text = new SafetensorsFile(Weights);
        Assert.All(text.Entries.Keys, name => Assert.StartsWith("text_", name));
        Assert.Equal(whole.Entries.Keys.Where(name => name.StartsWith("text_", StringComparison.Ordinal)).Order(), text.Entries.Keys.Order());
        Assert.Equal(Files, Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_TensorMissing_NamesIt(bool hasGraph)
    {
        if (!hasGraph) File.Delete(Path.Combine(Folder, "text_model.onnx"));
        using (torch.NewDisposeScope())
            TorchWeights.Write(Weights, new Dictionary<string, torch.Tensor> { ["text_projection.weight"] = torch.ones(8, 16) });
        var e = Assert.Throws<ModelFileException>(() => ClipTextEncoder.Load(Folder));
        Assert.Equal(Weights, e.Path);
        Assert.Contains("text_model", e.Message);
    }
}
