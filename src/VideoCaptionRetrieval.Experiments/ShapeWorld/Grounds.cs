namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>How much brighter than its colour the ground of a scene is at a place: waves, blades, dunes, stars, bricks, drifts.</summary>
internal static class Grounds
{
    /// <summary>Fine grain of each scene, as a share of the noise.</summary>
    internal static readonly IReadOnlyList<float> Grain = [0.02f, 0.05f, 0.04f, 0.02f, 0.03f, 0.02f];

    /// <summary>The pattern at (x, y), in units of the world.</summary>
    internal static float Pattern(int scene, float x, float y) => scene switch
    {
        0 => 0.10f * MathF.Sin((y * 0.9f) + (1.5f * MathF.Sin(x * 0.25f))),
        1 => 0.07f * MathF.Sin((x * 2.1f) + MathF.Sin(y * 0.7f)),
        2 => 0.05f * MathF.Sin((y * 0.35f) + (2 * MathF.Sin(x * 0.12f))),
        3 => MathF.Sin(x * 1.13f) * MathF.Sin(y * 0.97f) * MathF.Sin((x * 0.31f) + (y * 0.23f)) > 0.85f ? 0.8f : 0,
        4 => Mortar(x, y) ? 0.22f : 0,
        _ => 0.05f * MathF.Sin((x * 0.2f) + (y * 0.15f)),
    };

    /// <summary>Rows of 6, bricks of 10; every other row is moved by half a brick.</summary>
    private static bool Mortar(float x, float y)
    {
        var row = MathF.Floor(y / 6);
        return Modulo(y, 6) < 1 || Modulo(x + (5 * Modulo(row, 2)), 10) < 1;
    }

    private static float Modulo(float value, float period) => value - (period * MathF.Floor(value / period));
}
