using VideoCaptionRetrieval.Experiments.ShapeWorld;

namespace VideoCaptionRetrieval.Experiments.Tests.ShapeWorld;

public sealed class VocabularyTests
{
    private static readonly HashSet<string> _words = [.. Vocabulary.Words];

    [Fact]
    public void Words_ManySentencesOfAllKinds_HoldEveryWord() =>
        Assert.Empty(Words(AltTexts(2000).Concat(CarefulCaptions(500)).Concat(VideoSentences("train", 1000))).Except(_words));

    [Fact]
    public void AltText_ManySentences_HoldEveryWordThatQueriesHold() =>
        // Else the frozen CLIP would not know a query's words, which would be a handicap by trick.
        Assert.Empty(Words(VideoSentences("test", 3000)).Except(Words(AltTexts(20_000))));

    [Fact]
    public void Noun_KindOrColourWithAVowel_TakesAn()
    {
        var phrase = Phrases.Noun(new(1, "noun", 0), new SceneObject(0, Colour: 1, Texture: 0, Size: 0), new CaptionDetail(1, 0, 0, Synonyms: false));
        Assert.Equal("an orange ball", phrase);
    }

    private static IEnumerable<string> AltTexts(int count) =>
        Enumerable.Range(0, count).Select(i => StillSentences.WriteAltText(new(1, "alt", i), Still(i), new()));

    private static IEnumerable<string> CarefulCaptions(int count) => Enumerable.Range(0, count).Select(i => StillSentences.WriteCareful(new(1, "careful", i), Still(i)));

    private static StillScene Still(int i) => StillScene.Draw(new(1, "stills", i), objects: 1 + (i % 2));

    private static IEnumerable<string> VideoSentences(string set, int count) =>
        Enumerable.Range(0, count).SelectMany(i => new WorldVideo(new() { Seed = 3 }, set, i).Sentences());

    private static HashSet<string> Words(IEnumerable<string> sentences) => [.. sentences.SelectMany(sentence => sentence.Split(' '))];
}
