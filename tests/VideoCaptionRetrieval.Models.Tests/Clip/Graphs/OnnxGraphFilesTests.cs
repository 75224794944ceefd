using VideoCaptionRetrieval.Models.Clip.Graphs;

namespace VideoCaptionRetrieval.Models.Tests.Clip.Graphs;

public sealed class OnnxGraphFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-graphs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("onnx/text_model.onnx onnx/vision_model.onnx onnx/model.onnx", "onnx/text_model.onnx", "onnx/vision_model.onnx")]
    [InlineData("onnx/model_quantized.onnx onnx/model.onnx", "onnx/model.onnx", "onnx/model.onnx")]
    [InlineData("model_fp16.onnx model_int8.onnx", "model_fp16.onnx", "model_fp16.onnx")]
    [InlineData("onnx/text_model.onnx onnx/text_model_q4.onnx onnx/vision_model_q4.onnx", "onnx/text_model_q4.onnx", "onnx/vision_model_q4.onnx")]
    [InlineData("onnx/text_model.onnx", null, null)]
    public void Find_Files_TheMostExactThatAreComplete(string files, string? text, string? vision)
    {
        Write(files);
        var found = OnnxGraphFiles.Find(_folder);
        Assert.Equal((text, vision), (Relative(found?.Text), Relative(found?.Vision)));
    }

    [Theory]
    [InlineData("onnx/text_model.onnx onnx/vision_model.onnx", null)]
    [InlineData("onnx/model.onnx onnx/model_quantized.onnx", "onnx/model_quantized.onnx")]
    [InlineData("onnx/text_model_uint8.onnx onnx/vision_model_uint8.onnx", "onnx/text_model_uint8.onnx")]
    public void Find_Quantised_ThoseAlone(string files, string? text)
    {
        Write(files);
        Assert.Equal(text, Relative(OnnxGraphFiles.Find(_folder, InferencePrecision.Quantised)?.Text));
    }

    [Theory]
    [InlineData("onnx/model.onnx onnx/model_quantized.onnx", false)]
    [InlineData("model_fp16.onnx", false)]
    [InlineData("onnx/model_quantized.onnx", true)]
    [InlineData("text_model_int8.onnx vision_model_int8.onnx", true)]
    public void AreQuantised_MostExactGraphs_ByTheirNames(string files, bool expected)
    {
        Write(files);
        Assert.Equal(expected, OnnxGraphFiles.Find(_folder)!.AreQuantised);
    }

    [Fact]
    public void Files_GraphWithDataBeside_NamesBoth()
    {
        Write("onnx/text_model.onnx onnx/text_model.onnx_data onnx/vision_model.onnx");
        var found = OnnxGraphFiles.Find(_folder)!;
        Assert.Equal(["onnx/text_model.onnx", "onnx/text_model.onnx_data", "onnx/vision_model.onnx"], found.Files.Select(Relative));
        Assert.Equal(["onnx/text_model.onnx", "onnx/text_model.onnx_data"], found.TextFiles.Select(Relative));
    }

    private void Write(string files)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "onnx"));
        foreach (var file in files.Split(' ')) File.WriteAllText(Path.Combine(_folder, file), "");
    }

    private string? Relative(string? path) => path is null ? null : Path.GetRelativePath(_folder, path);
}
