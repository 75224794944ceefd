using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Imaging;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>Images with one caption each.</summary>
internal sealed record CaptionedImages(ImageSet Images, IReadOnlyList<string> Captions);

/// <summary>Images with a class for each of several attributes.</summary>
/// <param name="Images">The images.</param>
/// <param name="Tags">[i][k]: the class of image i in attribute k, from 0.</param>
/// <param name="Classes">[k]: how many classes attribute k has.</param>
internal sealed record TaggedImages(ImageSet Images, IReadOnlyList<int[]> Tags, IReadOnlyList<int> Classes);

/// <summary>Everything that the image models learn from. All images are of one size.</summary>
/// <param name="Words">The closed vocabulary: all words of all captions and queries, lower-case letters a to z.</param>
/// <param name="Tagged">What both vision towers see first.</param>
/// <param name="AltText">What CLIP learns from.</param>
/// <param name="Careful">What the captioners learn from.</param>
internal sealed record ImageModelData(IReadOnlyList<string> Words, TaggedImages Tagged, CaptionedImages AltText, CaptionedImages Careful);

/// <summary>Square RGB images.</summary>
/// <param name="Pixels">[Count, Size, Size, 3], row by row.</param>
/// <param name="Size">Width and height in pixels.</param>
internal sealed record ImageSet(byte[] Pixels, int Size)
{
    internal int ImageBytes => 3 * Size * Size;

    internal int Count => Pixels.Length / ImageBytes;

    /// <summary>[Size, Size, 3].</summary>
    internal ReadOnlySpan<byte> Image(int i) => Pixels.AsSpan(checked(i * ImageBytes), ImageBytes);
}

/// <summary>Images as the networks take them, by the same arithmetic as when they are used.</summary>
internal static class PixelValues
{
    /// <summary>Normalises K of the images: [K, 3, S, S].</summary>
    internal static Tensor Normalise(ImageSet images, ReadOnlySpan<int> which)
    {
        var bytes = new byte[which.Length * images.ImageBytes];
        for (var i = 0; i < which.Length; i++) images.Image(which[i]).CopyTo(bytes.AsSpan(i * images.ImageBytes));
        var values = empty(which.Length, 3, images.Size, images.Size);
        new ImagePreprocessing(new(images.Size)).Normalise(bytes, which.Length, MemoryMarshal.Cast<byte, float>(values.bytes));
        return values;
    }
}

/// <summary>Checks of data and options together, before any work.</summary>
internal static class ImageModelChecks
{
    /// <exception cref="ArgumentException">Something does not fit; the message lists everything that was found.</exception>
    internal static void Require(ImageModelData data, ImageModelOptions options)
    {
        List<string> faults =
        [
            .. options.Faults(), .. Words(data.Words),
            .. Images(nameof(data.Tagged), data.Tagged.Images, data.Tagged.Images.Size, data.Tagged.Tags.Count), .. Tags(data.Tagged),
            .. Captions(nameof(data.AltText), data.AltText, data), .. Captions(nameof(data.Careful), data.Careful, data),
        ];
        if (faults.Count > 0) throw new ArgumentException($"The image models cannot be trained: {string.Join("; ", faults)}.");
    }

    private static IEnumerable<string> Words(IReadOnlyList<string> words)
    {
        if (words.Distinct().Count() != words.Count) yield return "a word is listed twice";
        foreach (var word in words.Where(word => word.Length == 0 || !word.All(char.IsAsciiLetterLower)).Take(1))
            yield return $"a word is '{word}', expected letters a to z";
    }

    private static IEnumerable<string> Images(string name, ImageSet images, int size, int described)
    {
        if (images.Size != size) yield return $"{name} has images of {images.Size} pixels, others have {size}; expected one size";
        if (images.Size < NetworkShape.Patch || images.Size % NetworkShape.Patch != 0)
            yield return $"{name} has images of {images.Size} pixels, expected a multiple of {NetworkShape.Patch}";
        else if (images.Pixels.Length % images.ImageBytes != 0)
            yield return $"{name} has {images.Pixels.Length} bytes, expected whole images of {images.ImageBytes}";
        else if (images.Count < 2 || images.Count != described)
            yield return $"{name} has {images.Count} images, {described} of them described; expected 2 or more, and as many";
    }

    private static IEnumerable<string> Tags(TaggedImages tagged)
    {
        foreach (var tags in tagged.Tags.Where(tags => tags.Length != tagged.Classes.Count
            || tags.Zip(tagged.Classes).Any(tag => tag.First < 0 || tag.First >= tag.Second)).Take(1))
            yield return $"an image has tags {string.Join(", ", tags)}, the numbers of classes are {string.Join(", ", tagged.Classes)}";
    }

    private static IEnumerable<string> Captions(string name, CaptionedImages captioned, ImageModelData data)
    {
        foreach (var fault in Images(name, captioned.Images, data.Tagged.Images.Size, captioned.Captions.Count)) yield return fault;
        var known = data.Words.ToHashSet();
        foreach (var caption in captioned.Captions.Where(caption => !caption.Split(' ').All(known.Contains)).Take(1))
            yield return $"{name} has the caption '{caption}', expected words of the vocabulary with one blank between them";
        const int Longest = ClipTraining.ContextLength - 3;      // start, full stop, end
        foreach (var caption in captioned.Captions.Where(caption => caption.Count(' ') >= Longest).Take(1))
            yield return $"{name} has the caption '{caption}', expected at most {Longest} words";
    }
}
