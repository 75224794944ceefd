namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>What is written about still images.</summary>
internal static class StillSentences
{
    private static readonly string[] _joining = [" and ", " with ", .. Lexicon.Joining.Select(words => $" {words} ")];
    private static readonly string[] _verbs = [.. Lexicon.Moving, .. Lexicon.Resting, .. Lexicon.Entering, .. Lexicon.Leaving];
    private static readonly string[] _directions = [" to the left", " to the right", " slowly", ""];

    /// <summary>
    /// What a paid annotator writes: everything, right, in one plain style, such as "a big red striped star above a small white ball on the
    /// sea".
    /// </summary>
    internal static string Careful(Draws draws, StillScene still)
    {
        var first = still.Things.Count > 1 && draws.Chance(0.5) ? 1 : 0;
        var sentence = (draws.Chance(0.3) ? "there is " : "") + Phrases.Noun(draws, still.Things[first], Detail.Everything);
        if (still.Things.Count > 1)
        {
            var relation = draws.Chance(0.7) ? Relation(still.Places[first], still.Places[1 - first]) : "and";
            sentence += $" {relation} {Phrases.Noun(draws, still.Things[1 - first], Detail.Everything)}";
        }
        return $"{sentence} {Phrases.Scene(draws, still.Scene, synonyms: false)}";
    }

    /// <summary>What the web says: free in style, incomplete, sometimes wrong, sometimes with a verb that a still image cannot show.</summary>
    internal static string AltText(Draws draws, StillScene still, AltTextStyle style)
    {
        var things = still.Things.Where(_ => draws.Chance(style.Thing)).ToList();
        if (things.Count == 0) things.Add(draws.Of(still.Things));
        if (draws.Chance(0.5)) things.Reverse();
        var detail = new Detail(style.Attribute, style.Attribute, style.Attribute, Synonyms: true, style.Wrong);
        var parts = things.Select(thing => Phrases.Noun(draws, thing, detail) + (draws.Chance(0.4) ? " " + Verb(draws, thing) : "")).ToList();
        var sentence = parts.Aggregate((all, part) => all + Join(draws) + part);
        if (!draws.Chance(style.Scene)) return sentence;
        var scene = Phrases.Scene(draws, draws.Chance(style.Wrong) ? draws.Below(Lexicon.Scenes.Count) : still.Scene, synonyms: true);
        return draws.Chance(0.4) ? $"{scene} {sentence}" : $"{sentence} {scene}";
    }

    private static string Join(Draws draws) => draws.Chance(0.15) ? $" {draws.Of(Lexicon.Passing)} " : draws.Of(_joining);

    private static string Verb(Draws draws, Thing thing) => draws.Weighted([0.8, 0.1, 0.1]) switch
    {
        0 => draws.Of(_verbs) + draws.Of(_directions),
        1 => $"{draws.Of(Lexicon.Turning)} {Lexicon.Colours[thing.Colour]}",
        _ => draws.Of(thing.Size == 1 ? Lexicon.Growing : Lexicon.Shrinking),
    };

    private static string Relation(Pose from, Pose to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        if (Math.Abs(dx) > Math.Abs(dy)) return dx > 0 ? "left of" : "right of";
        return dy > 0 ? "above" : "below";
    }
}
