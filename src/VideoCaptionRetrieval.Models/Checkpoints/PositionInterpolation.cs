using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>
/// Interpolates position embeddings for another grid of patches as torch's interpolate does (mode bicubic, align_corners false): cubic
/// convolution with a = −0.75 (Keys, IEEE ASSP 29, 1981), cell centres aligned, edges repeated.
/// </summary>
public static class PositionInterpolation
{
    private const double A = -0.75;
    private const int Taps = 4;

    /// <summary>Computes the weight of each old cell in each new one along an axis: [to, from].</summary>
    public static float[,] Matrix(int from, int to)
    {
        var matrix = new float[to, from];
        for (var cell = 0; cell < to; cell++)
        {
            var centre = ((cell + 0.5) * from / to) - 0.5;
            var first = (int)Math.Floor(centre);
            for (var tap = -1; tap < Taps - 1; tap++)
                matrix[cell, Math.Clamp(first + tap, 0, from - 1)] += (float)Weight(centre - first - tap);
        }
        return matrix;
    }

    /// <summary>Resizes a table [1 + from², width] to [1 + to², width]; the first row, that of the class token, is copied.</summary>
    internal static float[] Resize(ReadOnlySpan<float> table, int width, int from, int to)
    {
        var resized = new float[((to * to) + 1) * width];
        table[..width].CopyTo(resized);
        var matrix = Matrix(from, to);
        var wide = new float[from * to * width];        // (from, to, width): each row of the grid resized
        for (var row = 0; row < from; row++)
            Mix(matrix, table.Slice((1 + (row * from)) * width, from * width), wide.AsSpan(row * to * width, to * width), width);
        Mix(matrix, wide, resized.AsSpan(width), to * width);
        return resized;
    }

    /// <summary>Computes target[i] = Σ matrix[i, k] · source[k], where each of them has <paramref name="length"/> numbers.</summary>
    private static void Mix(float[,] matrix, ReadOnlySpan<float> source, Span<float> target, int length)
    {
        for (var i = 0; i < matrix.GetLength(0); i++)
            for (var k = 0; k < matrix.GetLength(1); k++)
            {
                var weight = matrix[i, k];
                if (weight == 0) continue;
                var to = target.Slice(i * length, length);
                TensorPrimitives.MultiplyAdd(source.Slice(k * length, length), weight, to, to);
            }
    }

    private static double Weight(double distance)
    {
        var x = Math.Abs(distance);
        if (x >= 2) return 0;
        return x <= 1 ? (((((A + 2) * x) - (A + 3)) * x * x) + 1) : ((((A * x) - (5 * A)) * x) + (8 * A)) * x - (4 * A);
    }
}
