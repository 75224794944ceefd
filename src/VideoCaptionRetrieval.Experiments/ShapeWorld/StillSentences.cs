namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>What is written about still images.</summary>
internal static class StillSentences
{
    private static readonly string[] _joining = [" and ", " with ", .. Vocabulary.Joining.Select(words => $" {words} ")];
    private static readonly string[] _verbs = [.. Vocabulary.Moving, .. Vocabulary.Resting, .. Vocabulary.Entering, .. Vocabulary.Leaving];
    private static readonly string[] _directions = [" to the left", " to the right", " slowly", ""];

    /// <summary>
    /// What a paid annotator writes: everything, right, in one plain style, such as "a big red striped star above a small white ball on the
    /// sea".
    /// </summary>
    internal static string WriteCareful(RandomStream random, StillScene still)
    {
        var first = still.Objects.Count > 1 && random.Chance(0.5) ? 1 : 0;
        var sentence = (random.Chance(0.3) ? "there is " : "") + Phrases.Noun(random, still.Objects[first], CaptionDetail.Everything);
        if (still.Objects.Count > 1)
        {
            var relation = random.Chance(0.7) ? Relation(still.Places[first], still.Places[1 - first]) : "and";
            sentence += $" {relation} {Phrases.Noun(random, still.Objects[1 - first], CaptionDetail.Everything)}";
        }
        return $"{sentence} {Phrases.Scene(random, still.Scene, synonyms: false)}";
    }

    /// <summary>What the web says: free in style, incomplete, sometimes wrong, sometimes with a verb that a still image cannot show.</summary>
    internal static string WriteAltText(RandomStream random, StillScene still, AltTextStyle style)
    {
        var objects = still.Objects.Where(_ => random.Chance(style.Mention)).ToList();
        if (objects.Count == 0) objects.Add(random.Pick(still.Objects));
        if (random.Chance(0.5)) objects.Reverse();
        var detail = new CaptionDetail(style.Attribute, style.Attribute, style.Attribute, Synonyms: true, style.Wrong);
        var parts = objects.Select(item => Phrases.Noun(random, item, detail) + (random.Chance(0.4) ? " " + Verb(random, item) : "")).ToList();
        var sentence = parts.Aggregate((all, part) => all + Join(random) + part);
        if (!random.Chance(style.Scene)) return sentence;
        var scene = Phrases.Scene(random, random.Chance(style.Wrong) ? random.Below(Vocabulary.Scenes.Count) : still.Scene, synonyms: true);
        return random.Chance(0.4) ? $"{scene} {sentence}" : $"{sentence} {scene}";
    }

    private static string Join(RandomStream random) => random.Chance(0.15) ? $" {random.Pick(Vocabulary.Passing)} " : random.Pick(_joining);

    private static string Verb(RandomStream random, SceneObject item) => random.Weighted([0.8, 0.1, 0.1]) switch
    {
        0 => random.Pick(_verbs) + random.Pick(_directions),
        1 => $"{random.Pick(Vocabulary.Turning)} {Vocabulary.Colours[item.Colour]}",
        _ => random.Pick(item.Size == 1 ? Vocabulary.Growing : Vocabulary.Shrinking),
    };

    private static string Relation(Pose from, Pose to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        if (Math.Abs(dx) > Math.Abs(dy)) return dx > 0 ? "left of" : "right of";
        return dy > 0 ? "above" : "below";
    }
}

/// <summary>How much alt text says, and how much of it is wrong.</summary>
/// <param name="Attribute">How often colour, texture and size are said.</param>
/// <param name="Wrong">How often a said attribute is replaced by a random one.</param>
/// <param name="Mention">How often an object is mentioned.</param>
/// <param name="Scene">How often the scene is.</param>
internal sealed record AltTextStyle(double Attribute = 0.5, double Wrong = 0.1, double Mention = 0.7, double Scene = 0.4);
