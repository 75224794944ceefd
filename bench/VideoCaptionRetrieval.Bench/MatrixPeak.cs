using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Onnx.Schema;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Bench;

/// <summary>What the machine reaches in one large product of fp32 matrices: the better of libtorch and ONNX Runtime.</summary>
internal static class MatrixPeak
{
    private const int Size = 2048;

    /// <summary>Floating-point operations a second.</summary>
    internal static double Measure()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        var (a, b) = (rand(Size, Size), rand(Size, Size));
        using var session = new InferenceSession(Product().ToByteArray());
        using var value = OrtValue.CreateTensorValueFromMemory(a.data<float>().ToArray(), [Size, Size]);
        using var options = new RunOptions();
        var times = new PairedTiming(rounds: 7)
            .Add("libtorch", () => a.matmul(b).Dispose())
            .Add("ONNX Runtime", () => session.Run(options, ["a", "b"], [value, value], ["product"]).Dispose())
            .Measure();
        foreach (var way in times) Console.WriteLine(Invariant($"matrix product {Size}³, fp32, {way.Name}: {Operations / way.Seconds / 1e9:0} GFLOP/s"));
        return Operations / times.Min(way => way.Seconds);
    }

    private static double Operations => 2.0 * Size * Size * Size;

    private static ModelProto Product()
    {
        var graph = new OnnxGraphBuilder("product");
        var (a, b) = (graph.Input("a", TensorProto.Types.DataType.Float, Size, Size), graph.Input("b", TensorProto.Types.DataType.Float, Size, Size));
        return graph.Finish(graph.Node("MatMul", [a, b]), "product", Size);
    }
}
