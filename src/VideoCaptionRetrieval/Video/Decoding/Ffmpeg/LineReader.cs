namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>Fills a part of the buffer and returns its length; 0 = the end.</summary>
internal delegate int ByteSource(Span<byte> buffer);

/// <summary>Receives a line without its line break.</summary>
internal delegate void LineConsumer(ReadOnlySpan<byte> line);

/// <summary>Splits a program's output into lines in bounded memory: what a damaged file makes it print has no limit.</summary>
internal static class LineReader
{
    private const int BufferLength = 16 * 1024;

    /// <summary>Longer lines are cut; the lines that are understood are shorter.</summary>
    private const int MaxLineLength = 2048;

    internal static void Read(ByteSource source, LineConsumer consume)
    {
        var buffer = new byte[BufferLength];
        var line = new byte[MaxLineLength];
        var length = 0;
        while (source(buffer) is var count && count > 0)
            foreach (var value in buffer.AsSpan(0, count))
            {
                if (value is not ((byte)'\n' or (byte)'\r'))
                {
                    if (length < MaxLineLength) line[length++] = value;
                    continue;
                }
                if (length > 0) consume(line.AsSpan(0, length));
                length = 0;
            }
        if (length > 0) consume(line.AsSpan(0, length));
    }
}
