namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>
/// Every word that the sentences of the world are made of. Synonyms stand side by side, the plain word first. It is closed: it does not
/// depend on any data.
/// </summary>
internal static class Vocabulary
{
    internal static readonly IReadOnlyList<string[]> Kinds =
    [
        ["ball", "circle"], ["box", "square"], ["triangle", "pyramid"], ["star"], ["cross", "plus"], ["ring", "hoop"], ["moon", "crescent"],
        ["heart"], ["diamond", "kite"], ["bar", "plank"],
    ];

    internal static readonly IReadOnlyList<string> Colours = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "white"];

    internal static readonly IReadOnlyList<string> Textures = ["plain", "striped", "dotted"];

    /// <summary>The other way to say a texture: "with stripes".</summary>
    internal static readonly IReadOnlyList<string> Patterns = ["", "stripes", "dots"];

    internal static readonly IReadOnlyList<string[]> Sizes = [["small", "little", "tiny"], ["big", "large", "huge"]];

    internal static readonly IReadOnlyList<string[]> Scenes =
        [["sea", "water"], ["grass", "meadow"], ["sand", "desert"], ["night", "dark"], ["wall", "bricks"], ["snow", "ice"]];

    internal static readonly string[] ScenePrepositions = ["on", "at", "near", "over"];
    internal static readonly string[] Moving = ["moves", "slides", "is moving", "rolls"];
    internal static readonly string[] Passing = ["moves past", "slides past", "rolls past"];
    internal static readonly string[] Resting = ["stays", "rests", "is still"];
    internal static readonly string[] Entering = ["appears", "shows up", "comes in"];
    internal static readonly string[] Leaving = ["leaves", "goes away", "disappears"];
    internal static readonly string[] Growing = ["grows", "gets bigger"];
    internal static readonly string[] Shrinking = ["shrinks", "gets smaller"];
    internal static readonly string[] Turning = ["turns", "becomes"];
    internal static readonly string[] Joining = ["then", "while", "and later", "before"];

    private const string Grammar = "a an and with there is the left right of to above below slowly";

    /// <summary>All words, each once, in a fixed order.</summary>
    internal static IReadOnlyList<string> Words { get; } =
    [
        .. new[] { Grammar }.Concat(Colours).Concat(Textures).Concat(Patterns)
            .Concat(new[] { Kinds, Sizes, Scenes }.SelectMany(groups => groups).SelectMany(group => group))
            .Concat(new[] { ScenePrepositions, Moving, Passing, Resting, Entering, Leaving, Growing, Shrinking, Turning, Joining }.SelectMany(group => group))
            .SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct(),
    ];
}
