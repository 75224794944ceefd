using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>Allocates, copies and gathers values of ONNX Runtime by rows.</summary>
internal static class OnnxRows
{
    /// <summary>Allocates a value in ONNX Runtime's own memory, not initialised. The caller disposes it.</summary>
    internal static OrtValue Allocate(TensorElementType type, params long[] shape) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);

    /// <summary>Creates an int64 value. The caller disposes it.</summary>
    internal static OrtValue Integers(ReadOnlySpan<long> values, params long[] shape)
    {
        var value = Allocate(TensorElementType.Int64, shape);
        values.CopyTo(value.GetTensorMutableDataAsSpan<long>());
        return value;
    }

    /// <summary>Copies rows into a new value whose row r is row rows[r] of the source. The caller disposes it.</summary>
    internal static OrtValue Gather(OrtValue source, ReadOnlySpan<int> rows)
    {
        var info = source.GetTensorTypeAndShape();
        var shape = info.Shape;
        var count = shape[0];
        shape[0] = rows.Length;
        var gathered = Allocate(info.ElementDataType, shape);
        var from = source.GetTensorMutableRawData();
        var to = gathered.GetTensorMutableRawData();
        var bytes = count == 0 ? 0 : from.Length / (int)count;
        for (var row = 0; row < rows.Length; row++) from.Slice(rows[row] * bytes, bytes).CopyTo(to.Slice(row * bytes, bytes));
        return gathered;
    }

    /// <summary>Copies the last position of each row, [R, T, V] to [R, V].</summary>
    internal static void LastPositions(OrtValue source, Span<float> target)
    {
        var info = source.GetTensorTypeAndShape();
        var (rows, positions, width) = ((int)info.Shape[0], (int)info.Shape[1], (int)info.Shape[2]);
        for (var row = 0; row < rows; row++)
        {
            var start = ((row * positions) + positions - 1) * width;
            var to = target.Slice(row * width, width);
            if (info.ElementDataType == TensorElementType.Float16)
            {
                var halves = source.GetTensorDataAsSpan<Float16>().Slice(start, width);
                for (var i = 0; i < width; i++) to[i] = (float)halves[i];
            }
            else
            {
                source.GetTensorDataAsSpan<float>().Slice(start, width).CopyTo(to);
            }
        }
    }
}
