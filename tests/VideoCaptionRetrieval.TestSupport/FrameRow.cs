using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Experiments;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>A video as a user's own data: frames in the size of <see cref="SmallModels"/>, and their times.</summary>
public sealed class FrameRow
{
    /// <summary>N.</summary>
    public const int FrameCount = 3;

    private const int FrameBytes = SmallModels.ImageSize * SmallModels.ImageSize * 3;

    /// <summary>A video whose frames are smooth colours of their own, drawn from its name.</summary>
    public FrameRow(string videoId)
    {
        VideoId = videoId;
        var random = new Random(videoId.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)));
        for (var frame = 0; frame < FrameCount; frame++)
        {
            Times[frame] = frame + random.NextDouble();
            var (x, y, phase) = (random.NextDouble(), random.NextDouble(), random.NextDouble() * 6);
            for (var i = 0; i < FrameBytes; i++)
            {
                var (row, column) = (i / 3 / SmallModels.ImageSize, i / 3 % SmallModels.ImageSize);
                Frames[(frame * FrameBytes) + i] = (byte)(127.5 + (127 * Math.Sin((x * column) + (y * row) + (phase * (i % 3)))));
            }
        }
    }

    /// <summary>The name.</summary>
    public string VideoId { get; }

    /// <summary>[N, S, S, 3].</summary>
    [VectorType(FrameCount, SmallModels.ImageSize, SmallModels.ImageSize, 3)]
    public byte[] Frames { get; } = new byte[FrameCount * FrameBytes];

    /// <summary>[N], seconds.</summary>
    [ColumnName("Frames.Times")]
    [VectorType(FrameCount)]
    public double[] Times { get; } = new double[FrameCount];

    /// <summary>Why the video cannot be read; empty for most.</summary>
    public string FrameError { get; init; } = "";

    /// <summary>A view of several rows.</summary>
    public static IDataView View(params IEnumerable<FrameRow> rows) => new MLContext().Data.LoadFromEnumerable(rows.ToArray());

    /// <summary>A view of videos v000, v001 …</summary>
    public static IDataView View(int count, int first = 0) => View(Enumerable.Range(first, count).Select(i => new FrameRow($"v{i:000}")));
}
