using VideoCaptionRetrieval.Experiments.ImageModels;

namespace VideoCaptionRetrieval.Experiments.Tests.ImageModels;

/// <summary>A tiny world: a square of one colour in one corner of a ground of another.</summary>
internal static class ColouredSquares
{
    internal const int Size = 32;
    private const int Cell = 16, Margin = 2, Noise = 8;

    private static readonly (string Name, byte Red, byte Green, byte Blue)[] Colours =
        [("red", 220, 40, 40), ("green", 40, 190, 60), ("blue", 50, 70, 220), ("yellow", 230, 220, 60)];

    private static readonly (string Name, byte Level)[] Grounds = [("black", 20), ("white", 235)];

    internal static IReadOnlyList<string> Words { get; } =
        ["a", "square", "on", "the", "field", "stands", "there", .. Colours.Select(colour => colour.Name),
            .. Grounds.Select(ground => ground.Name)];

    /// <summary>Images with noise of their own, and captions that tell the two colours.</summary>
    internal static ImageModelData Data(int count, int seed = 1) => new(Words, Tagged(count, seed),
        Captioned(count, seed + 1, (colour, ground) => $"the {colour} square stands on the {ground} field"),
        Captioned(count, seed + 2, (colour, ground) => $"a {colour} square on a {ground} field"));

    private static TaggedImages Tagged(int count, int seed)
    {
        var (images, tags) = Draw(count, seed);
        return new(images, tags, [Colours.Length, Grounds.Length]);
    }

    private static CaptionedImages Captioned(int count, int seed, Func<string, string, string> describe)
    {
        var (images, tags) = Draw(count, seed);
        return new(images, [.. tags.Select(tag => describe(Colours[tag[0]].Name, Grounds[tag[1]].Name))]);
    }

    private static (ImageSet Images, List<int[]> Tags) Draw(int count, int seed)
    {
        var random = new Random(seed);
        var images = new ImageSet(new byte[count * 3 * Size * Size], Size);
        var tags = new List<int[]>();
        for (var i = 0; i < count; i++)
        {
            int[] tag = [random.Next(Colours.Length), random.Next(Grounds.Length)];
            Draw(images.Pixels.AsSpan(i * images.ImageBytes, images.ImageBytes), tag, random);
            tags.Add(tag);
        }
        return (images, tags);
    }

    private static void Draw(Span<byte> image, int[] tag, Random random)
    {
        var (_, red, green, blue) = Colours[tag[0]];
        var ground = Grounds[tag[1]].Level;
        var (top, left) = ((random.Next(Size / Cell) * Cell) + Margin, (random.Next(Size / Cell) * Cell) + Margin);
        const int Side = Cell - (2 * Margin);
        for (var pixel = 0; pixel < Size * Size; pixel++)
        {
            var (y, x) = (pixel / Size, pixel % Size);
            var inside = y >= top && y < top + Side && x >= left && x < left + Side;
            byte[] colour = inside ? [red, green, blue] : [ground, ground, ground];
            for (var c = 0; c < 3; c++) image[(pixel * 3) + c] = (byte)(colour[c] + random.Next(-Noise, Noise));
        }
    }
}
