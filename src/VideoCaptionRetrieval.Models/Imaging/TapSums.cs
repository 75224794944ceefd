using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// Computes output rows of a vertical pass with vectors: weighted sums of rows, rounded to 8 bits and clipped. Integer sums do not depend on their
/// order.
/// </summary>
/// <remarks>
/// x86 multiplies pairs of 16-bit numbers and adds the products, several times faster than 32-bit multiplication. A tap has 24 bits, so its upper
/// and lower parts are multiplied separately. Bytes are interleaved inside 128-bit lanes, and packing undoes that.
/// </remarks>
internal static unsafe class TapSums
{
    private const int Half = 1 << (ResizeWeights.PrecisionBits - 1);

    /// <summary>Bytes of a vector. Rows need at least this many; where they are no multiple of it, the last vectors overlap.</summary>
    internal static int Bytes(VectorWidth width) => width switch
    {
        VectorWidth.Bits512 => Vector512<byte>.Count,
        VectorWidth.Bits256 => Vector256<byte>.Count,
        _ => Vector128<byte>.Count,
    };

    /// <summary>Computes all output rows of a window.</summary>
    /// <param name="rows">The rows from the weights' start on, followed by one more row of any content.</param>
    /// <param name="bytes">Bytes of a row.</param>
    /// <param name="weights">Weights of the window's rows.</param>
    /// <param name="target">Rows of the same length, written.</param>
    /// <param name="width">Width of the vectors.</param>
    internal static void Rows(byte* rows, int bytes, ResizeWeights weights, byte* target, VectorWidth width)
    {
        for (var y = 0; y < weights.Size; y++, target += bytes)
        {
            var pairs = weights.Pairs(y, out var first);
            var taps = weights.Taps(y, out _);
            var from = rows + ((nint)(first - weights.Start) * bytes);
            fixed (int* pair = pairs, tap = taps)
            {
                if (width == VectorWidth.Bits512) Row512(from, bytes, pair, pairs.Length / 2, target);
                else if (width == VectorWidth.Bits256) Row256(from, bytes, pair, pairs.Length / 2, target);
                else Row128(from, bytes, tap, taps.Length, target);
            }
        }
    }

    private static void Row512(byte* rows, nint bytes, int* pairs, int count, byte* target)
    {
        var zero = Vector512<byte>.Zero;
        for (nint x = 0; x < bytes; x += Vector512<byte>.Count)
        {
            x = nint.Min(x, bytes - Vector512<byte>.Count);
            Vector512<int> high0 = default, high1 = default, high2 = default, high3 = default;
            Vector512<int> low0 = Vector512.Create(Half), low1 = low0, low2 = low0, low3 = low0;
            var row = rows + x;
            for (var i = 0; i < count; i++, row += 2 * bytes)
            {
                var (a, b) = (Vector512.Load(row), Vector512.Load(row + bytes));
                var (upper, lower) = (Vector512.Create(pairs[2 * i]).AsInt16(), Vector512.Create(pairs[(2 * i) + 1]).AsInt16());
                var (near, far) = (Avx512BW.UnpackLow(a, b), Avx512BW.UnpackHigh(a, b));
                var v0 = Avx512BW.UnpackLow(near, zero).AsInt16();
                var v1 = Avx512BW.UnpackHigh(near, zero).AsInt16();
                var v2 = Avx512BW.UnpackLow(far, zero).AsInt16();
                var v3 = Avx512BW.UnpackHigh(far, zero).AsInt16();
                high0 += Avx512BW.MultiplyAddAdjacent(v0, upper);
                high1 += Avx512BW.MultiplyAddAdjacent(v1, upper);
                high2 += Avx512BW.MultiplyAddAdjacent(v2, upper);
                high3 += Avx512BW.MultiplyAddAdjacent(v3, upper);
                low0 += Avx512BW.MultiplyAddAdjacent(v0, lower);
                low1 += Avx512BW.MultiplyAddAdjacent(v1, lower);
                low2 += Avx512BW.MultiplyAddAdjacent(v2, lower);
                low3 += Avx512BW.MultiplyAddAdjacent(v3, lower);
            }
            var first = Avx512BW.PackSignedSaturate(Level(high0, low0), Level(high1, low1));
            var second = Avx512BW.PackSignedSaturate(Level(high2, low2), Level(high3, low3));
            Avx512BW.PackUnsignedSaturate(first, second).Store(target + x);
        }
    }

    private static void Row256(byte* rows, nint bytes, int* pairs, int count, byte* target)
    {
        var zero = Vector256<byte>.Zero;
        for (nint x = 0; x < bytes; x += Vector256<byte>.Count)
        {
            x = nint.Min(x, bytes - Vector256<byte>.Count);
            Vector256<int> high0 = default, high1 = default, high2 = default, high3 = default;
            Vector256<int> low0 = Vector256.Create(Half), low1 = low0, low2 = low0, low3 = low0;
            var row = rows + x;
            for (var i = 0; i < count; i++, row += 2 * bytes)
            {
                var (a, b) = (Vector256.Load(row), Vector256.Load(row + bytes));
                var (upper, lower) = (Vector256.Create(pairs[2 * i]).AsInt16(), Vector256.Create(pairs[(2 * i) + 1]).AsInt16());
                var (near, far) = (Avx2.UnpackLow(a, b), Avx2.UnpackHigh(a, b));
                var v0 = Avx2.UnpackLow(near, zero).AsInt16();
                var v1 = Avx2.UnpackHigh(near, zero).AsInt16();
                var v2 = Avx2.UnpackLow(far, zero).AsInt16();
                var v3 = Avx2.UnpackHigh(far, zero).AsInt16();
                high0 += Avx2.MultiplyAddAdjacent(v0, upper);
                high1 += Avx2.MultiplyAddAdjacent(v1, upper);
                high2 += Avx2.MultiplyAddAdjacent(v2, upper);
                high3 += Avx2.MultiplyAddAdjacent(v3, upper);
                low0 += Avx2.MultiplyAddAdjacent(v0, lower);
                low1 += Avx2.MultiplyAddAdjacent(v1, lower);
                low2 += Avx2.MultiplyAddAdjacent(v2, lower);
                low3 += Avx2.MultiplyAddAdjacent(v3, lower);
            }
            var first = Avx2.PackSignedSaturate(Level(high0, low0), Level(high1, low1));
            var second = Avx2.PackSignedSaturate(Level(high2, low2), Level(high3, low3));
            Avx2.PackUnsignedSaturate(first, second).Store(target + x);
        }
    }

    private static void Row128(byte* rows, nint bytes, int* taps, int count, byte* target)
    {
        for (nint x = 0; x < bytes; x += Vector128<byte>.Count)
        {
            x = nint.Min(x, bytes - Vector128<byte>.Count);
            Vector128<int> sum0 = Vector128.Create(Half), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            var row = rows + x;
            for (var i = 0; i < count; i++, row += bytes)
            {
                var tap = Vector128.Create(taps[i]);
                var (near, far) = Vector128.Widen(Vector128.Load(row));
                var ((v0, v1), (v2, v3)) = (Vector128.Widen(near), Vector128.Widen(far));
                sum0 += v0.AsInt32() * tap;
                sum1 += v1.AsInt32() * tap;
                sum2 += v2.AsInt32() * tap;
                sum3 += v3.AsInt32() * tap;
            }
            var first = Vector128.Narrow(Level(sum0), Level(sum1));
            var second = Vector128.Narrow(Level(sum2), Level(sum3));
            Vector128.Narrow(first.AsUInt16(), second.AsUInt16()).Store(target + x);
        }
    }

    private static Vector512<int> Level(Vector512<int> high, Vector512<int> low) =>
        ((high << ResizeWeights.LowerBits) + low) >> ResizeWeights.PrecisionBits;

    private static Vector256<int> Level(Vector256<int> high, Vector256<int> low) =>
        ((high << ResizeWeights.LowerBits) + low) >> ResizeWeights.PrecisionBits;

    private static Vector128<int> Level(Vector128<int> sum) =>
        Vector128.Max(Vector128<int>.Zero, Vector128.Min(Vector128.Create((int)byte.MaxValue), sum >> ResizeWeights.PrecisionBits));
}
