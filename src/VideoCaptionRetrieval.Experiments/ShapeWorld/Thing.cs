namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>What a thing is. Its words are in <see cref="Lexicon"/>, its colours in <see cref="Palette"/>.</summary>
/// <param name="Kind">Entry of <see cref="Lexicon.Kinds"/>; its outline is in <see cref="Outlines"/>.</param>
/// <param name="Colour">Entry of <see cref="Lexicon.Colours"/>.</param>
/// <param name="Texture">Entry of <see cref="Lexicon.Textures"/>: plain, striped, dotted.</param>
/// <param name="Size">Entry of <see cref="Lexicon.Sizes"/>: small, big.</param>
internal readonly record struct Thing(int Kind, int Colour, int Texture, int Size)
{
    /// <summary>Each attribute is drawn by itself; half of all things are plain.</summary>
    internal static Thing Draw(Draws draws) => new(
        draws.Below(Lexicon.Kinds.Count), draws.Below(Lexicon.Colours.Count), draws.Chance(0.5) ? 0 : 1 + draws.Below(Lexicon.Textures.Count - 1),
        draws.Below(Lexicon.Sizes.Count));
}
