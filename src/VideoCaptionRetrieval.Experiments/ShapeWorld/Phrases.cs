namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>The parts that all kinds of sentences are made of.</summary>
internal static class Phrases
{
    /// <summary>"a big red star with stripes".</summary>
    internal static string Noun(Draws draws, Thing thing, Detail detail)
    {
        if (detail.Wrong > 0) thing = Mistaken(draws, thing, detail.Wrong);
        var words = new List<string>();
        var tail = "";
        if (draws.Chance(detail.Size)) words.Add(Word(draws, Lexicon.Sizes[thing.Size], detail.Synonyms));
        if (draws.Chance(detail.Colour)) words.Add(Lexicon.Colours[thing.Colour]);
        if (thing.Texture > 0 && draws.Chance(detail.Texture))
        {
            if (detail.Synonyms && draws.Chance(0.4)) tail = " with " + Lexicon.Patterns[thing.Texture];
            else words.Add(Lexicon.Textures[thing.Texture]);
        }
        words.Add(Word(draws, Lexicon.Kinds[thing.Kind], detail.Synonyms));
        var phrase = string.Join(' ', words) + tail;
        return (IsVowel(phrase[0]) ? "an " : "a ") + phrase;
    }

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u';

    /// <summary>"near the water".</summary>
    internal static string Scene(Draws draws, int scene, bool synonyms) =>
        $"{(synonyms ? draws.Of(Lexicon.ScenePrepositions) : Lexicon.ScenePrepositions[0])} the {Word(draws, Lexicon.Scenes[scene], synonyms)}";

    private static string Word(Draws draws, string[] words, bool synonyms) => synonyms ? draws.Of(words) : words[0];

    private static Thing Mistaken(Draws draws, Thing thing, double wrong)
    {
        var other = Thing.Draw(draws);
        return new(draws.Chance(wrong) ? other.Kind : thing.Kind, draws.Chance(wrong) ? other.Colour : thing.Colour,
            draws.Chance(wrong) ? other.Texture : thing.Texture, draws.Chance(wrong) ? other.Size : thing.Size);
    }
}
