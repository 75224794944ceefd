using Microsoft.ML.Data;

namespace OnnxTowers;

/// <summary>From bytes to what CLIP's image tower takes.</summary>
internal static class Pixels
{
    // CLIP's own; other checkpoints state theirs in preprocessor_config.json.
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f], Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>[N, S, S, 3] bytes → [N, 3, S, S], (x / 255 − mean) / deviation by channel.</summary>
    internal static float[] Normalise(byte[] frames, int size)
    {
        var plane = size * size;
        var values = new float[frames.Length];
        for (var i = 0; i < frames.Length; i++)
        {
            var (frame, pixel, channel) = (i / (3 * plane), i / 3 % plane, i % 3);
            values[(((frame * 3) + channel) * plane) + pixel] = ((frames[i] / 255f) - Mean[channel]) / Deviation[channel];
        }
        return values;
    }
}

/// <summary>The frames that FrameSampler gives.</summary>
internal sealed class FrameBytes
{
    public byte[] Frames { get; set; } = [];
}

/// <summary>The input of the image tower.</summary>
internal sealed class PixelValues
{
    [ColumnName("pixel_values")]
    public float[] Values { get; set; } = [];
}
