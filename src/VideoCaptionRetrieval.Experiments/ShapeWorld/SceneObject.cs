namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>What an object is. Its words are in <see cref="Vocabulary"/>, its colours in <see cref="Palette"/>.</summary>
/// <param name="Kind">Entry of <see cref="Vocabulary.Kinds"/>; its outline is in <see cref="Outlines"/>.</param>
/// <param name="Colour">Entry of <see cref="Vocabulary.Colours"/>.</param>
/// <param name="Texture">Entry of <see cref="Vocabulary.Textures"/>: plain, striped, dotted.</param>
/// <param name="Size">Entry of <see cref="Vocabulary.Sizes"/>: small, big.</param>
internal readonly record struct SceneObject(int Kind, int Colour, int Texture, int Size)
{
    /// <summary>Each attribute is drawn by itself; half of all objects are plain.</summary>
    internal static SceneObject Draw(RandomStream random) => new(
        random.Below(Vocabulary.Kinds.Count), random.Below(Vocabulary.Colours.Count), random.Chance(0.5) ? 0 : 1 + random.Below(Vocabulary.Textures.Count - 1),
        random.Below(Vocabulary.Sizes.Count));
}

/// <summary>Where and how an object is drawn.</summary>
/// <param name="X">Centre, in units of the world, to the right.</param>
/// <param name="Y">Centre, in units of the world, downwards.</param>
/// <param name="Radius">In units of the world.</param>
/// <param name="Turn">Radians, against the clock.</param>
/// <param name="Paint">Its colour.</param>
internal readonly record struct Pose(float X, float Y, float Radius, float Turn, Rgb Paint);

/// <summary>
/// The 3 x 3 cells in which objects stand. A cell is a patch of the small networks: only so do they learn the kinds of objects in minutes.
/// </summary>
internal static class Cells
{
    internal const int Size = 16;
    internal const int PerSide = Canvas.WorldSize / Size;

    /// <summary>Places near the middles of different cells, in units of the world.</summary>
    internal static (float X, float Y)[] Draw(RandomStream random, int count, double jitter) =>
    [
        .. random.Distinct(count, PerSide * PerSide)
            .Select(cell => (Middle(cell % PerSide) + random.Between(-jitter, jitter), Middle(cell / PerSide) + random.Between(-jitter, jitter))),
    ];

    /// <summary>The middle of the nth cell of a row or column.</summary>
    internal static float Middle(int cell) => (cell * Size) + (Size / 2f) - 0.5f;
}
