namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>Blurs a picture by three taps along rows and columns. Not thread-safe.</summary>
/// <param name="size">S, pixels.</param>
internal sealed class CameraBlur(int size)
{
    private readonly float[] _row = new float[size * size * 3];

    /// <summary>Blurs in place.</summary>
    /// <param name="pixels">[S, S, 3].</param>
    /// <param name="deviation">That of the bell curve, in taps.</param>
    /// <param name="distance">Pixels between taps.</param>
    internal void Apply(float[] pixels, float deviation, int distance)
    {
        var side = MathF.Exp(-0.5f / MathF.Pow(Math.Max(deviation, 0.1f), 2));
        Along(pixels, _row, side, distance, step: 3, line: size * 3);
        Along(_row, pixels, side, distance, step: size * 3, line: 3);
    }

    /// <param name="source">What is blurred.</param>
    /// <param name="target">Takes the result.</param>
    /// <param name="side">Weight of the outer taps; that of the middle one is 1.</param>
    /// <param name="distance">Pixels between taps.</param>
    /// <param name="step">Numbers from a pixel to the next one along the blur.</param>
    /// <param name="line">Numbers from a line to the next one.</param>
    private void Along(float[] source, float[] target, float side, int distance, int step, int line)
    {
        var total = 1 + (2 * side);
        for (var i = 0; i < size; i++)
        {
            var (before, here, after) = (Math.Max(i - distance, 0) * step, i * step, Math.Min(i + distance, size - 1) * step);
            for (var j = 0; j < size; j++)
                for (var channel = 0; channel < 3; channel++)
                {
                    var place = (j * line) + channel;
                    target[place + here] = (source[place + here] + (side * (source[place + before] + source[place + after]))) / total;
                }
        }
    }
}
