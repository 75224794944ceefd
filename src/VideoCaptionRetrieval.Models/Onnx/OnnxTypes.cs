using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>ONNX's names of the floating-point types that weights are stored in.</summary>
internal static class OnnxTypes
{
    internal static TensorProto.Types.DataType Of(TensorType type) => type switch
    {
        TensorType.Float32 => TensorProto.Types.DataType.Float,
        TensorType.Float16 => TensorProto.Types.DataType.Float16,
        TensorType.BFloat16 => TensorProto.Types.DataType.Bfloat16,
        TensorType.Float64 => TensorProto.Types.DataType.Double,
        _ => throw new ArgumentException($"Weights of type {type} are not implemented.", nameof(type)),
    };
}
