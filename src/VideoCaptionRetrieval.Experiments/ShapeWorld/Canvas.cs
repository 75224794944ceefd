namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>
/// A picture of the world, which is 48 x 48 units large, in S x S pixels. Edges are smooth: coverage comes from the distance to an outline.
/// Not thread-safe.
/// </summary>
internal sealed class Canvas
{
    /// <summary>Width and height of the world, in units: 3 x 3 cells of 16.</summary>
    internal const int WorldSize = 48;

    private const float ShadowOfInk = 0.35f;

    /// <param name="size">S, pixels: a multiple of <see cref="WorldSize"/>.</param>
    internal Canvas(int size)
    {
        (Size, Scale) = (size, size / (float)WorldSize);
        Pixels = new float[size * size * 3];
    }

    /// <summary>S.</summary>
    internal int Size { get; }

    /// <summary>[S, S, 3], row-major, each value about 0 to 1.</summary>
    internal float[] Pixels { get; }

    /// <summary>Pixels for a unit of the world.</summary>
    internal float Scale { get; }

    /// <summary>Covers everything with a scene's ground.</summary>
    /// <param name="scene">Entry of <see cref="Vocabulary.Scenes"/>.</param>
    /// <param name="ground">Its colour.</param>
    /// <param name="shiftX">By how much the pattern is moved, in units.</param>
    /// <param name="shiftY">The same, downwards.</param>
    /// <param name="noise">Where its grain begins (<see cref="Noise.Start"/>).</param>
    internal void Fill(int scene, Rgb ground, float shiftX, float shiftY, int noise)
    {
        var grain = Backgrounds.Grain[scene];
        for (var row = 0; row < Size; row++)
            for (var column = 0; column < Size; column++)
            {
                var place = (row * Size) + column;
                var light = Backgrounds.Pattern(scene, Unit(column) + shiftX, Unit(row) + shiftY) + (grain * Noise.At(noise, place));
                Set(place, ground.Plus(light, light, light));
            }
    }

    /// <summary>Draws an object over what is there.</summary>
    /// <param name="kind">Entry of <see cref="Vocabulary.Kinds"/>.</param>
    /// <param name="texture">Entry of <see cref="Vocabulary.Textures"/>.</param>
    /// <param name="pose">Where and how.</param>
    /// <param name="hasEdge">Whether a dark line runs along its outline.</param>
    /// <param name="shade">How much brighter its upper left is than its lower right; 0 = flat.</param>
    internal void Draw(int kind, int texture, Pose pose, bool hasEdge, float shade)
    {
        var (sine, cosine) = MathF.SinCos(pose.Turn);
        var reach = (pose.Radius * 1.5f) + 1;
        var (left, right) = (First(pose.X - reach), Last(pose.X + reach));
        for (var row = First(pose.Y - reach); row <= Last(pose.Y + reach); row++)
            for (var column = left; column <= right; column++)
            {
                var (dx, dy) = (Unit(column) - pose.X, pose.Y - Unit(row));
                var (u, v) = (((cosine * dx) + (sine * dy)) / pose.Radius, ((cosine * dy) - (sine * dx)) / pose.Radius);
                var distance = Outlines.Distance(kind, u, v) * pose.Radius;
                var cover = Math.Clamp(0.5f - (distance * Scale), 0, 1);
                if (cover > 0) Mix((row * Size) + column, Paint(pose.Paint, texture, dx, dy, distance, hasEdge, 1 + (shade * (v - (0.5f * u)))), cover);
            }
    }

    private static Rgb Paint(Rgb paint, int texture, float dx, float dy, float distance, bool hasEdge, float light)
    {
        var striped = texture == 1 && MathF.Sin((dx + dy) * 1.4f) > 0;
        var dotted = texture == 2 && MathF.Sin((dx * 1.5f) + 0.8f) * MathF.Sin((dy * 1.5f) + 0.8f) > 0.25f;
        if (dotted) paint = new(0.9f - (0.6f * paint.Red), 0.9f - (0.6f * paint.Green), 0.9f - (0.6f * paint.Blue));
        if (striped) light *= ShadowOfInk;
        if (hasEdge && distance > -0.9f) light *= ShadowOfInk;
        return new(paint.Red * light, paint.Green * light, paint.Blue * light);
    }

    /// <summary>Replaces a pixel: nothing of what was there before is left, not even in the last bits.</summary>
    private void Set(int place, Rgb colour) =>
        (Pixels[3 * place], Pixels[(3 * place) + 1], Pixels[(3 * place) + 2]) = (colour.Red, colour.Green, colour.Blue);

    private void Mix(int place, Rgb colour, float cover)
    {
        var pixel = Pixels.AsSpan(place * 3, 3);
        pixel[0] += cover * (colour.Red - pixel[0]);
        pixel[1] += cover * (colour.Green - pixel[1]);
        pixel[2] += cover * (colour.Blue - pixel[2]);
    }

    /// <summary>The middle of a pixel, in units.</summary>
    private float Unit(int pixel) => ((pixel + 0.5f) / Scale) - 0.5f;

    private int First(float unit) => Math.Max(0, (int)MathF.Floor((unit + 0.5f) * Scale));

    private int Last(float unit) => Math.Min(Size - 1, (int)MathF.Ceiling((unit + 0.5f) * Scale));

    /// <summary>Rounds to bytes.</summary>
    /// <param name="target">[S, S, 3].</param>
    internal void CopyTo(Span<byte> target)
    {
        for (var i = 0; i < Pixels.Length; i++) target[i] = (byte)((Math.Clamp(Pixels[i], 0, 1) * 255) + 0.5f);
    }
}

/// <summary>How much brighter than its colour the ground of a scene is at a place: waves, blades, dunes, stars, bricks, drifts.</summary>
internal static class Backgrounds
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
