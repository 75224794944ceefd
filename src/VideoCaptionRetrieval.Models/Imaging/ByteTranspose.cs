using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>Transposes matrices of bytes, 8 rows by 16 columns at a time.</summary>
internal static unsafe class ByteTranspose
{
    private const int BlockRows = 8, BlockColumns = 16;

    /// <summary>Makes target[c, r] = source[r, c].</summary>
    internal static void Transpose(byte* source, nint sourceStride, int rows, int columns, byte* target, nint targetStride)
    {
        // Rows in the inner loop: writes to one column are contiguous.
        var whole = columns < BlockColumns ? 0 : rows / BlockRows * BlockRows;
        for (var column = 0; whole > 0 && column < columns; column += BlockColumns)
        {
            column = Math.Min(column, columns - BlockColumns);
            var from = source + column;
            var to = target + (column * targetStride);
            for (var row = 0; row < whole; row += BlockRows) Block(from + (row * sourceStride), sourceStride, to + row, targetStride);
        }
        for (var row = whole; row < rows; row++)
            for (var column = 0; column < columns; column++) target[(column * targetStride) + row] = source[(row * sourceStride) + column];
    }

    private static void Block(byte* source, nint stride, byte* target, nint targetStride)
    {
        var (r0, r4) = (Vector128.Load(source), Vector128.Load(source + (4 * stride)));
        var (r1, r5) = (Vector128.Load(source + stride), Vector128.Load(source + (5 * stride)));
        var (r2, r6) = (Vector128.Load(source + (2 * stride)), Vector128.Load(source + (6 * stride)));
        var (r3, r7) = (Vector128.Load(source + (3 * stride)), Vector128.Load(source + (7 * stride)));
        Columns(Low(r0, r4), Low(r1, r5), Low(r2, r6), Low(r3, r7), target, targetStride);
        Columns(High(r0, r4), High(r1, r5), High(r2, r6), High(r3, r7), target + (8 * targetStride), targetStride);
    }

    /// <summary>Writes eight columns; each argument holds two rows that are four apart.</summary>
    private static void Columns(
        Vector128<byte> r04, Vector128<byte> r15, Vector128<byte> r26, Vector128<byte> r37, byte* target, nint stride)
    {
        var (even, odd) = (Low(r04, r26), Low(r15, r37));
        Store(Low(even, odd), target, stride);
        Store(High(even, odd), target + (2 * stride), stride);
        (even, odd) = (High(r04, r26), High(r15, r37));
        Store(Low(even, odd), target + (4 * stride), stride);
        Store(High(even, odd), target + (6 * stride), stride);
    }

    private static void Store(Vector128<byte> two, byte* target, nint stride)
    {
        two.GetLower().Store(target);
        two.GetUpper().Store(target + stride);
    }

    private static Vector128<byte> Low(Vector128<byte> a, Vector128<byte> b)
    {
        if (Sse2.IsSupported) return Sse2.UnpackLow(a, b);
        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Interleave(a.GetLower(), b.GetLower());
    }

    private static Vector128<byte> High(Vector128<byte> a, Vector128<byte> b)
    {
        if (Sse2.IsSupported) return Sse2.UnpackHigh(a, b);
        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Interleave(a.GetUpper(), b.GetUpper());
    }

    private static Vector128<byte> Interleave(Vector64<byte> a, Vector64<byte> b) => Vector128.Shuffle(
        Vector128.Create(a, b), Vector128.Create((byte)0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));
}
