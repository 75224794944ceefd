using VideoCaptionRetrieval.Experiments.ImageModels;

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

    /// <summary>Pictures of one object, with tags: kind, colour, texture, size, scene.</summary>
    internal TaggedImages Tagged(int count)
    {
        var (pixels, tags) = Draw("tagged", count, maxObjects: 1, (_, still) => Tags(still.Objects[0], still.Scene));
        return new(new(pixels, Size), tags, TagClasses);
    }

    /// <summary>Pictures with what the web says of them.</summary>
    internal CaptionedImages AltText(int count, AltTextStyle style) =>
        Captioned("alt text", count, (random, still) => StillSentences.WriteAltText(random, still, style));

    /// <summary>Other pictures, with what careful annotators say of them.</summary>
    internal CaptionedImages Careful(int count) => Captioned("careful", count, StillSentences.WriteCareful);

    /// <summary>Pictures that no model learns from, with what is on them.</summary>
    internal (byte[] Pixels, IReadOnlyList<(StillScene Still, string Caption)> Labels) HeldOut(int count) =>
        Draw("held out", count, maxObjects: 2, (random, still) => (still, StillSentences.WriteCareful(random, still)));

    /// <summary>How many values each tag of <see cref="Tagged"/> has.</summary>
    internal static IReadOnlyList<int> TagClasses =>
        [Vocabulary.Kinds.Count, Vocabulary.Colours.Count, Vocabulary.Textures.Count, Vocabulary.Sizes.Count, Vocabulary.Scenes.Count];

    private static int[] Tags(SceneObject item, int scene) => [item.Kind, item.Colour, item.Texture, item.Size, scene];

    private CaptionedImages Captioned(string stream, int count, Func<RandomStream, StillScene, string> caption)
    {
        var (pixels, captions) = Draw(stream, count, maxObjects: 2, caption);
        return new(new(pixels, Size), captions);
    }

    private (byte[] Pixels, IReadOnlyList<T> Labels) Draw<T>(string stream, int count, int maxObjects, Func<RandomStream, StillScene, T> label)
    {
        var (pixels, labels) = (new byte[checked(count * Bytes)], new T[count]);
        Parallel.For(0, count, () => new Canvas(Size), (i, _, canvas) =>
        {
            var random = new RandomStream(seed, stream, i);
            var still = StillScene.Draw(random, objects: 1 + random.Below(maxObjects));
            still.Paint(random, canvas);
            canvas.CopyTo(pixels.AsSpan(i * Bytes, Bytes));
            labels[i] = label(new(seed, stream + "/words", i), still);
            return canvas;
        }, _ => { });
        return (pixels, labels);
    }
}
