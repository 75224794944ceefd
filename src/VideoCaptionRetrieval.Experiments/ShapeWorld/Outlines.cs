namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>
/// Signed distances to the outlines of the kinds of objects, in units of an object's radius: negative inside. They are about right near the
/// outline, which is all that smooth edges need.
/// </summary>
internal static class Outlines
{
    /// <summary>Tip (1.05, 0) and inner corner (0.45 at 36°) of a five-pointed star, as the normal of the edge between them.</summary>
    private static readonly (float X, float Y) _starEdge = StarEdge();

    /// <summary>The distance from (x, y), x to the right and y up, to the outline of a kind.</summary>
    internal static float Distance(int kind, float x, float y)
    {
        var (ax, ay) = (Math.Abs(x), Math.Abs(y));
        return kind switch
        {
            0 => Length(x, y) - 0.92f,                                                                              // ball
            1 => Math.Max(ax, ay) - 0.8f,                                                                           // box
            2 => Math.Max(-y - 0.65f, (ax * 0.894f) + (y * 0.447f) - 0.45f),                                        // triangle
            3 => Star(x, y),
            4 => Math.Min(Math.Max(ax - 0.3f, ay - 0.95f), Math.Max(ax - 0.95f, ay - 0.3f)),                        // cross
            5 => Math.Abs(Length(x, y) - 0.7f) - 0.26f,                                                             // ring
            6 => Math.Max(Length(x, y) - 0.95f, 0.78f - Length(x - 0.5f, y - 0.1f)),                                // moon
            7 => Math.Min(Length(ax - 0.42f, y - 0.25f) - 0.5f, Math.Max((ax * 0.75f) - (y * 0.66f) - 0.63f, y - 0.1f)),    // heart
            8 => ((ax / 0.62f) + ay - 1) * 0.52f,                                                                   // diamond
            _ => Math.Max(ax - 0.98f, ay - 0.38f),                                                                  // bar
        };
    }

    /// <summary>All five tips are folded onto one, which leaves a single straight edge.</summary>
    private static float Star(float x, float y)
    {
        const float Fifth = 2 * MathF.PI / 5;
        var turned = MathF.Atan2(x, y) + (Fifth / 2);
        var angle = Math.Abs(turned - (Fifth * MathF.Floor(turned / Fifth)) - (Fifth / 2));
        var radius = Length(x, y);
        return (((radius * MathF.Cos(angle)) - 1.05f) * _starEdge.X) + (radius * MathF.Sin(angle) * _starEdge.Y);
    }

    private static (float X, float Y) StarEdge()
    {
        var (cornerX, cornerY) = (0.45f * MathF.Cos(MathF.PI / 5), 0.45f * MathF.Sin(MathF.PI / 5));
        var length = Length(cornerY, 1.05f - cornerX);
        return (cornerY / length, (1.05f - cornerX) / length);
    }

    private static float Length(float x, float y) => MathF.Sqrt((x * x) + (y * y));
}
