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
    internal static int Start(Draws draws) => draws.Below(Entries);

    /// <summary>Box and Muller's two normal numbers of two uniform ones.</summary>
    private static float[] Table()
    {
        var draws = new Draws(0, "noise", 0);
        var values = new float[Entries];
        for (var i = 0; i < Entries; i += 2)
        {
            var (radius, angle) = (Math.Sqrt(-2 * Math.Log(1 - draws.Unit())), 2 * Math.PI * draws.Unit());
            (values[i], values[i + 1]) = ((float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)));
        }
        return values;
    }
}
