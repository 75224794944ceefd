using VideoCaptionRetrieval.Models.Onnx.Schema;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>ONNX's names of the floating-point types that weights are stored in.</summary>
internal static class OnnxTypes
{
    internal static TensorProto.Types.DataType Of(ScalarType type) => type switch
    {
        ScalarType.Float32 => TensorProto.Types.DataType.Float,
        ScalarType.Float16 => TensorProto.Types.DataType.Float16,
        ScalarType.BFloat16 => TensorProto.Types.DataType.Bfloat16,
        ScalarType.Float64 => TensorProto.Types.DataType.Double,
        _ => throw new ArgumentException($"Weights of type {type} are not implemented.", nameof(type)),
    };
}
