namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>How much a way of writing says of a thing.</summary>
/// <param name="Colour">How often the colour is said.</param>
/// <param name="Texture">How often a texture is said, where there is one.</param>
/// <param name="Size">How often the size is said.</param>
/// <param name="Synonyms">Whether any word may be taken, or the plain one alone.</param>
/// <param name="Wrong">How often an attribute is replaced by a random one.</param>
internal readonly record struct Detail(double Colour, double Texture, double Size, bool Synonyms, double Wrong = 0)
{
    internal static readonly Detail Everything = new(1, 1, 1, Synonyms: false);
}
