namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>
/// Sets of labelled still images, what image models learn from. No video and none of its sentences has a part in them. The same seed gives
/// the same pixels and words. Thread-safe.
/// </summary>
/// <param name="seed">The seed of all sets.</param>
internal sealed class StillImages(int seed)
{
    /// <summary>Width and height of still images, in pixels.</summary>
    internal const int Size = Canvas.WorldSize;

    internal const int Bytes = Size * Size * 3;

    /// <summary>Pictures of one thing, with tags: kind, colour, texture, size, scene.</summary>
    internal (byte[] Pixels, IReadOnlyList<int[]> Tags) Tagged(int count) => Draw("tagged", count, mostThings: 1, (_, still) => new[]
    {
        still.Things[0].Kind, still.Things[0].Colour, still.Things[0].Texture, still.Things[0].Size, still.Scene,
    });

    /// <summary>Pictures with what the web says of them.</summary>
    internal (byte[] Pixels, IReadOnlyList<string> Captions) AltText(int count, AltTextStyle style) =>
        Draw("alt text", count, mostThings: 2, (draws, still) => StillSentences.AltText(draws, still, style));

    /// <summary>Other pictures, with what careful annotators say of them.</summary>
    internal (byte[] Pixels, IReadOnlyList<string> Captions) Careful(int count) =>
        Draw("careful", count, mostThings: 2, StillSentences.Careful);

    /// <summary>Pictures that no model learns from, with what is on them.</summary>
    internal (byte[] Pixels, IReadOnlyList<(StillScene Still, string Caption)> Labels) HeldOut(int count) =>
        Draw("held out", count, mostThings: 2, (draws, still) => (still, StillSentences.Careful(draws, still)));

    /// <summary>How many values each tag of <see cref="Tagged"/> has.</summary>
    internal static IReadOnlyList<int> TagClasses =>
        [Lexicon.Kinds.Count, Lexicon.Colours.Count, Lexicon.Textures.Count, Lexicon.Sizes.Count, Lexicon.Scenes.Count];

    private (byte[] Pixels, IReadOnlyList<T> Labels) Draw<T>(string stream, int count, int mostThings, Func<Draws, StillScene, T> label)
    {
        var (pixels, labels) = (new byte[checked(count * Bytes)], new T[count]);
        Parallel.For(0, count, () => new Canvas(Size), (i, _, canvas) =>
        {
            var draws = new Draws(seed, stream, i);
            var still = StillScene.Draw(draws, things: 1 + draws.Below(mostThings));
            still.Paint(draws, canvas);
            canvas.CopyTo(pixels.AsSpan(i * Bytes, Bytes));
            labels[i] = label(new(seed, stream + "/words", i), still);
            return canvas;
        }, _ => { });
        return (pixels, labels);
    }
}
