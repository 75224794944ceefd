using System.Runtime.Intrinsics.X86;
using Google.Protobuf;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Onnx.Schema;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Models.Tests.Onnx;

public sealed class Int8WeightsTests : IDisposable
{
    private readonly TinyClip _clip = new();
    private readonly SafetensorsFile _weights;

    public Int8WeightsTests() => _weights = new(_clip.File("model.safetensors"));

    public void Dispose()
    {
        _weights.Dispose();
        _clip.Dispose();
    }

    public static TheoryData<string> Towers => ["text", "vision"];

    [Theory]
    [MemberData(nameof(Towers))]
    public void Linear_EveryMatrix_HasAZeroPointOfItsOwn(string tower)
    {
        var zeros = Products(Graph(tower)).Select(product => product.Input[5]).ToList();
        Assert.True(zeros.Count > 2, "there are no quantised matrices");
        Assert.Equal(zeros.Count, zeros.Distinct().Count());
    }

    [Theory]
    [InlineData("text", false)]
    [InlineData("text", true)]
    [InlineData("vision", false)]
    [InlineData("vision", true)]
    public void Create_PreciseProducts_MatricesBecomeUnsignedOnX64(string tower, bool precise)
    {
        var optimised = _clip.File("optimised.onnx");
        OnnxSessions.Create("memory", new() { PreciseProducts = precise }, default, settings =>
        {
            settings.OptimizedModelFilePath = optimised;
            return new(Graph(tower).ToByteArray(), settings);
        }).Dispose();

        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(optimised));
        var signed = model.Graph.Initializer.Where(tensor => tensor.DataType == TensorProto.Types.DataType.Int8).Select(tensor => tensor.Name).ToHashSet();
        // Without AVX2 no kernel saturates, and the mode does nothing.
        var isUnsigned = precise && Avx2.IsSupported;
        Assert.NotEmpty(Products(model));
        Assert.All(Products(model), product =>
            Assert.Equal((!isUnsigned, !isUnsigned), (signed.Contains(product.Input[1]), signed.Contains(product.Input[5]))));
    }

    private static IEnumerable<NodeProto> Products(ModelProto model) =>
        model.Graph.Node.Where(node => node.OpType == "MatMulIntegerToFloat");

    private ModelProto Graph(string tower)
    {
        var quantised = new Int8Weights(_weights, new CopiedWeights(_weights, data: null, ""));
        return tower == "text" ? ClipTextGraph.Build(TinyClip.Config, quantised) : ClipVisionGraph.Build(TinyClip.Config, quantised);
    }
}
