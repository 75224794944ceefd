namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>A colour, each part about 0 to 1.</summary>
internal readonly record struct Rgb(float Red, float Green, float Blue)
{
    internal Rgb Plus(float red, float green, float blue) => new(Red + red, Green + green, Blue + blue);

    /// <summary>Another colour nearby: each part moves by up to <paramref name="range"/>.</summary>
    internal Rgb Near(Draws draws, double range) => Plus(draws.Between(-range, range), draws.Between(-range, range), draws.Between(-range, range));

    /// <summary>The same, mixed with its own grey: 0 leaves it, 1 makes it grey.</summary>
    internal Rgb Duller(float share)
    {
        var grey = (Red + Green + Blue) / 3;
        return new(Red + (share * (grey - Red)), Green + (share * (grey - Green)), Blue + (share * (grey - Blue)));
    }
}
