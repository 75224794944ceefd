namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>The parts that all kinds of sentences are made of.</summary>
internal static class Phrases
{
    /// <summary>"a big red star with stripes".</summary>
    internal static string Noun(RandomStream random, SceneObject item, CaptionDetail detail)
    {
        if (detail.Wrong > 0) item = Mistaken(random, item, detail.Wrong);
        var words = new List<string>();
        var tail = "";
        if (random.Chance(detail.Size)) words.Add(Word(random, Vocabulary.Sizes[item.Size], detail.Synonyms));
        if (random.Chance(detail.Colour)) words.Add(Vocabulary.Colours[item.Colour]);
        if (item.Texture > 0 && random.Chance(detail.Texture))
        {
            if (detail.Synonyms && random.Chance(0.4)) tail = " with " + Vocabulary.Patterns[item.Texture];
            else words.Add(Vocabulary.Textures[item.Texture]);
        }
        words.Add(Word(random, Vocabulary.Kinds[item.Kind], detail.Synonyms));
        var phrase = string.Join(' ', words) + tail;
        return (IsVowel(phrase[0]) ? "an " : "a ") + phrase;
    }

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u';

    /// <summary>"near the water".</summary>
    internal static string Scene(RandomStream random, int scene, bool synonyms) =>
        $"{(synonyms ? random.Pick(Vocabulary.ScenePrepositions) : Vocabulary.ScenePrepositions[0])} the {Word(random, Vocabulary.Scenes[scene], synonyms)}";

    private static string Word(RandomStream random, string[] words, bool synonyms) => synonyms ? random.Pick(words) : words[0];

    private static SceneObject Mistaken(RandomStream random, SceneObject item, double wrong)
    {
        var other = SceneObject.Draw(random);
        return new(random.Chance(wrong) ? other.Kind : item.Kind, random.Chance(wrong) ? other.Colour : item.Colour,
            random.Chance(wrong) ? other.Texture : item.Texture, random.Chance(wrong) ? other.Size : item.Size);
    }
}

/// <summary>How much a way of writing says of an object.</summary>
/// <param name="Colour">How often the colour is said.</param>
/// <param name="Texture">How often a texture is said, where there is one.</param>
/// <param name="Size">How often the size is said.</param>
/// <param name="Synonyms">Whether any word may be taken, or the plain one alone.</param>
/// <param name="Wrong">How often an attribute is replaced by a random one.</param>
internal readonly record struct CaptionDetail(double Colour, double Texture, double Size, bool Synonyms, double Wrong = 0)
{
    internal static readonly CaptionDetail Everything = new(1, 1, 1, Synonyms: false);
}
