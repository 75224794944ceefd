namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>Paints of the objects and grounds of the scenes, in the order of <see cref="Vocabulary"/>.</summary>
internal static class Palette
{
    internal static readonly IReadOnlyList<Rgb> Colours =
    [
        Of(215, 35, 40), Of(240, 140, 25), Of(240, 225, 50), Of(40, 160, 60), Of(45, 85, 220), Of(140, 50, 175), Of(245, 150, 195), Of(240, 240, 240),
    ];

    internal static readonly IReadOnlyList<Rgb> Scenes =
        [Of(60, 140, 185), Of(95, 170, 75), Of(215, 190, 130), Of(28, 28, 62), Of(165, 90, 70), Of(226, 232, 238)];

    private static Rgb Of(int red, int green, int blue) => new(red / 255f, green / 255f, blue / 255f);
}

/// <summary>A colour, each part about 0 to 1.</summary>
internal readonly record struct Rgb(float Red, float Green, float Blue)
{
    internal Rgb Plus(float red, float green, float blue) => new(Red + red, Green + green, Blue + blue);

    /// <summary>Another colour nearby: each part moves by up to <paramref name="range"/>.</summary>
    internal Rgb Near(RandomStream random, double range) => Plus(random.Between(-range, range), random.Between(-range, range), random.Between(-range, range));

    /// <summary>The same, mixed with its own grey: 0 leaves it, 1 makes it grey.</summary>
    internal Rgb Duller(float share)
    {
        var grey = (Red + Green + Blue) / 3;
        return new(Red + (share * (grey - Red)), Green + (share * (grey - Green)), Blue + (share * (grey - Blue)));
    }
}
