namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>
/// The 3 x 3 cells in which things stand. A cell is a patch of the small networks: only so do they learn the kinds of things in minutes.
/// </summary>
internal static class Cells
{
    internal const int Size = 16;
    internal const int PerSide = Canvas.WorldSize / Size;

    /// <summary>Places near the middles of different cells, in units of the world.</summary>
    internal static (float X, float Y)[] Draw(Draws draws, int count, double jitter) =>
    [
        .. draws.Distinct(count, PerSide * PerSide)
            .Select(cell => (Middle(cell % PerSide) + draws.Between(-jitter, jitter), Middle(cell / PerSide) + draws.Between(-jitter, jitter))),
    ];

    /// <summary>The middle of the nth cell of a row or column.</summary>
    internal static float Middle(int cell) => (cell * Size) + (Size / 2f) - 0.5f;
}
