namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>Normal numbers for pixels, from a table that is the same in every process. Thread-safe.</summary>
internal static class Noise
{
    private const int Entries = 1 << 16;
    private const int Mask = Entries - 1;
    private static readonly float[] _normal = Table();

    /// <summary>Number <paramref name="place"/> of the noise that begins at <paramref name="start"/>.</summary>
    internal static float At(int start, int place) => _normal[(start + place) & Mask];

    /// <summary>Where a noise of its own begins.</summary>
    internal static int Start(RandomStream random) => random.Below(Entries);

    /// <summary>Box and Muller's two normal numbers of two uniform ones.</summary>
    private static float[] Table()
    {
        var random = new RandomStream(0, "noise", 0);
        var values = new float[Entries];
        for (var i = 0; i < Entries; i += 2)
        {
            var (radius, angle) = (Math.Sqrt(-2 * Math.Log(1 - random.Unit())), 2 * Math.PI * random.Unit());
            (values[i], values[i + 1]) = ((float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)));
        }
        return values;
    }
}

/// <summary>Smooth random brightness: straight lines between random values on a coarse grid.</summary>
internal static class SmoothField
{
    private const int CellsPerSide = 5;

    /// <summary>Fills a field with values in [−1, 1].</summary>
    /// <param name="random">Where the values come from.</param>
    /// <param name="field">[S, S].</param>
    /// <param name="size">S.</param>
    internal static void Draw(RandomStream random, Span<float> field, int size)
    {
        const int Side = CellsPerSide + 1;
        Span<float> grid = stackalloc float[Side * Side];
        for (var i = 0; i < grid.Length; i++) grid[i] = random.Between(-1, 1);
        for (var row = 0; row < size; row++)
        {
            var (upper, down) = Cell(row, size);
            for (var column = 0; column < size; column++)
            {
                var (left, right) = Cell(column, size);
                var corner = (upper * Side) + left;
                var above = grid[corner] + ((grid[corner + 1] - grid[corner]) * right);
                var below = grid[corner + Side] + ((grid[corner + Side + 1] - grid[corner + Side]) * right);
                field[(row * size) + column] = above + ((below - above) * down);
            }
        }
    }

    private static (int Cell, float Share) Cell(int pixel, int size)
    {
        var place = pixel * CellsPerSide / (float)size;
        return ((int)place, place - (int)place);
    }
}
