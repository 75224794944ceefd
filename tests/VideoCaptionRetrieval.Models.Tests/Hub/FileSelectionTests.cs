using VideoCaptionRetrieval.Models.Hub;
using VideoCaptionRetrieval.TestSupport.Hub;

namespace VideoCaptionRetrieval.Models.Tests.Hub;

public sealed class FileSelectionTests
{
    [Theory]
    [InlineData("model.safetensors pytorch_model.bin tf_model.h5 flax_model.msgpack onnx/model.onnx README.md config.json",
        "config.json model.safetensors")]
    [InlineData("pytorch_model.bin flax_model.msgpack vocab.json merges.txt config.json",
        "config.json merges.txt vocab.json pytorch_model.bin")]
    [InlineData("open_clip_pytorch_model.bin open_clip_model.safetensors open_clip_config.json",
        "open_clip_config.json open_clip_model.safetensors")]
    [InlineData("open_clip_pytorch_model.bin open_clip_config.json model.safetensors config.json", "config.json model.safetensors")]
    [InlineData("model.safetensors.index.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors model.fp16.safetensors",
        "model.safetensors.index.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors")]
    [InlineData("onnx/text_model.onnx onnx/vision_model.onnx onnx/vision_model.onnx_data onnx/model.onnx onnx/text_model_fp16.onnx",
        "onnx/text_model.onnx onnx/vision_model.onnx onnx/vision_model.onnx_data")]
    [InlineData("conceptual_weights.pt README.md", "conceptual_weights.pt")]
    public void Choose_FilesOfARepository_TakesWeightsOnceAndLast(string files, string expected) =>
        Assert.Equal(expected.Split(' '), FileSelection.Choose(Snapshot(files), []).Select(file => file.Name));

    [Fact]
    public void Choose_Pattern_AddsFiles()
    {
        var snapshot = Snapshot("model.safetensors onnx/text_model_quantized.onnx onnx/text_model.onnx");
        Assert.Equal(["model.safetensors", "onnx/text_model_quantized.onnx"],
            FileSelection.Choose(snapshot, ["onnx/*_quantized.onnx"]).Select(file => file.Name));
    }

    [Theory]
    [InlineData("README.md a.txt", "no weights that are known here: 'README.md', 'a.txt'")]
    [InlineData("a.pt b.pt", "2 files of weights")]
    [InlineData("model.safetensors.index.json model-00001-of-00002.safetensors", "found 1 shards")]
    public void Choose_NoWholeCheckpoint_SaysWhatIsThere(string files, string said) =>
        Assert.Contains(
            said, Assert.Throws<HubException>(() => FileSelection.Choose(Snapshot(files), [])).Message, StringComparison.Ordinal);

    [Fact]
    public void Choose_PatternThatFitsNothing_IsAnError() =>
        Assert.Throws<HubException>(() => FileSelection.Choose(Snapshot("model.safetensors"), ["*.onnx"]));

    private static HubSnapshot Snapshot(string files) =>
        new("owner/name", "main", LocalHub.Commit, [.. files.Split(' ').Select(name => new HubFile(name, new($"https://host/{name}")))]);
}
