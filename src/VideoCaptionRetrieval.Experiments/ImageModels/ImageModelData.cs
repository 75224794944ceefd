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
