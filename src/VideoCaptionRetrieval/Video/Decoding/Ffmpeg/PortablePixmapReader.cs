using System.Buffers;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>
/// Reads a row of binary PPM pictures ("P6\n320 240\n255\n", then RGB). Each states its own size, so that nothing depends on the size
/// and rotation that the container claims. Not thread-safe; dispose it.
/// </summary>
internal sealed class PortablePixmapReader(ByteSource source, long maximumPixels) : IDisposable
{
    private const int MaxDigits = 9;

    private readonly byte[] _ahead = new byte[64 * 1024];
    private int _at;
    private int _end;
    private byte[] _pixels = [];

    internal int Width { get; private set; }

    internal int Height { get; private set; }

    /// <summary>[Height, Width, 3]; valid until the next picture is read.</summary>
    internal ReadOnlySpan<byte> Pixels => _pixels.AsSpan(0, 3 * Width * Height);

    /// <summary>Reads the next picture; false at the end, also where the last picture is cut off.</summary>
    /// <exception cref="InvalidDataException">This is no such picture, or it is too large.</exception>
    internal bool Read()
    {
        if (NextByte() is not { } first) return false;
        if (first != 'P' || NextByte() != '6' || NextByte() != '\n') throw new InvalidDataException("a picture does not start as a PPM");
        if (Number(' ') is not { } width || Number('\n') is not { } height || Number('\n') is not { } depth) return false;
        if (width < 1 || height < 1 || depth != byte.MaxValue || (long)width * height > maximumPixels)
            throw new InvalidDataException(
                $"a picture of {width}x{height} pixels up to level {depth}; at most {maximumPixels} up to 255 are read");
        (Width, Height) = (width, height);
        return Fill(3 * width * height);
    }

    public void Dispose()
    {
        if (_pixels.Length > 0) ArrayPool<byte>.Shared.Return(_pixels);
        _pixels = [];
    }

    private bool Fill(int length)
    {
        if (_pixels.Length < length)
        {
            Dispose();
            _pixels = ArrayPool<byte>.Shared.Rent(length);
        }
        var filled = Math.Min(length, _end - _at);
        _ahead.AsSpan(_at, filled).CopyTo(_pixels);
        _at += filled;
        while (filled < length)
        {
            var count = source(_pixels.AsSpan(filled, length - filled));
            if (count == 0) return false;
            filled += count;
        }
        return true;
    }

    private int? Number(char end)
    {
        var number = 0;
        for (var digits = 0; digits <= MaxDigits; digits++)
        {
            if (NextByte() is not { } value) return null;
            if (value == end && digits > 0) return number;
            if (value is < (byte)'0' or > (byte)'9') break;
            number = (10 * number) + value - '0';
        }
        throw new InvalidDataException("a picture's header holds no size");
    }

    private byte? NextByte()
    {
        if (_at == _end)
        {
            (_at, _end) = (0, source(_ahead));
            if (_end == 0) return null;
        }
        return _ahead[_at++];
    }
}
