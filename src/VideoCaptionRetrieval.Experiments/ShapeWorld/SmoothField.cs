namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>Smooth random brightness: straight lines between random values on a coarse grid.</summary>
internal static class SmoothField
{
    private const int CellsPerSide = 5;

    /// <summary>Fills a field with values in [−1, 1].</summary>
    /// <param name="draws">Where the values come from.</param>
    /// <param name="field">[S, S].</param>
    /// <param name="size">S.</param>
    internal static void Draw(Draws draws, Span<float> field, int size)
    {
        const int Side = CellsPerSide + 1;
        Span<float> grid = stackalloc float[Side * Side];
        for (var i = 0; i < grid.Length; i++) grid[i] = draws.Between(-1, 1);
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
