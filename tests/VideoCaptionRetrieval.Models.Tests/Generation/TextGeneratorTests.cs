using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Tests.Generation;

public sealed class TextGeneratorTests
{
    private const int EndId = 2;
    private static readonly ResolvedGeneration Plain = new(1, 0, 12, 1, 0, 1, EndId);

    public static TheoryData<int, int, int, float, int, double> Settings => new()
    {
        { 1, 0, 12, 1f, 0, 1 }, { 1, 5, 9, 1.3f, 0, 1 }, { 1, 0, 20, 1f, 2, 1 }, { 1, 0, 20, 1f, 1, 1 },
        { 2, 0, 12, 1f, 0, 1 }, { 3, 5, 20, 1f, 0, 1 }, { 3, 0, 12, 1.2f, 0, 1 }, { 4, 4, 15, 1f, 3, 1 },
        { 5, 0, 10, 0.8f, 2, 2 }, { 3, 0, 12, 1f, 0, 0 }, { 3, 0, 12, 1f, 0, -1 }, { 6, 12, 12, 1f, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Generate_SeededTables_SameAsPlainSearch(
        int beams, int minLength, int maxLength, float repetitionPenalty, int ngram, double lengthPenalty)
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var generation = new ResolvedGeneration(beams, minLength, maxLength, repetitionPenalty, ngram, lengthPenalty, EndId) { EarlyStopping = seed % 3 == 0 };
            int[] prompt = seed % 2 == 0 ? [7] : [7, 3, 4];
            using var decoder = new TableDecoder(images: 6, vocabulary: 300, seed, endBonus: seed % 5, EndId);
            var texts = TextGenerator.Generate(decoder, prompt, generation, CancellationToken.None);
            for (var image = 0; image < texts.Length; image++)
            {
                float[] Logits(int[] ids) => decoder.Logits(image, ids);
                if (beams == 1)
                {
                    Assert.Equal(PlainSearch.Greedy(Logits, prompt, generation), texts[image].Ids);
                    continue;
                }
                var (ids, score) = PlainSearch.Beams(Logits, prompt, generation);
                Assert.Equal(ids, texts[image].Ids);
                Assert.Equal(score, texts[image].Score, 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Generate_TextsOfDifferentLength_FinishedRowsLeaveTheBatch(int beams)
    {
        using var decoder = new TableDecoder(images: 12, vocabulary: 30, seed: 4, endBonus: 1, EndId);
        var generation = Plain with { Beams = beams, MaxLength = 20 };
        var texts = TextGenerator.Generate(decoder, [7], generation, CancellationToken.None);
        Assert.Equal(12, decoder.RowsOfSteps[0]);               // one row for each image while all beams read the same
        Assert.Equal(decoder.RowsOfSteps.Skip(1).OrderDescending(), decoder.RowsOfSteps.Skip(1));
        Assert.True(decoder.RowsOfSteps[^1] < 12 * beams, string.Join(" ", decoder.RowsOfSteps));
        Assert.Equal(12, texts.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Generate_ImagesInOneBatchOrAlone_SameTexts(int beams)
    {
        var generation = Plain with { Beams = beams };
        using var together = new TableDecoder(images: 5, vocabulary: 60, seed: 9, endBonus: 2, EndId);
        var texts = TextGenerator.Generate(together, [7], generation, CancellationToken.None);
        for (var image = 0; image < 5; image++)
        {
            using var upToImage = new TableDecoder(images: image + 1, vocabulary: 60, seed: 9, endBonus: 2, EndId);
            var alone = TextGenerator.Generate(upToImage, [7], generation, CancellationToken.None)[image];
            Assert.Equal(texts[image].Ids, alone.Ids);
            Assert.Equal(texts[image].Score, alone.Score);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Generate_CancelledDuringAStep_EndsBeforeTheNext(int beams)
    {
        using var source = new CancellationTokenSource();
        var steps = 0;
        using var decoder = new TableDecoder(images: 4, vocabulary: 50, seed: 1, endBonus: -10, EndId)
        {
            BeforeStep = () =>
            {
                if (++steps == 3) source.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() => TextGenerator.Generate(decoder, [7], Plain with { Beams = beams }, source.Token));
        Assert.Equal(3, steps);
    }

    [Fact]
    public void Generate_NoImages_NoTexts()
    {
        using var decoder = new TableDecoder(images: 0, vocabulary: 50, seed: 1);
        Assert.Empty(TextGenerator.Generate(decoder, [7], Plain, CancellationToken.None));
    }

    [Fact]
    public void Generate_PromptFillsTheLength_SaysSo()
    {
        using var decoder = new TableDecoder(images: 1, vocabulary: 50, seed: 1);
        var e = Assert.Throws<ArgumentException>(() => TextGenerator.Generate(decoder, [7, 8, 9], Plain with { MaxLength = 3 }, CancellationToken.None));
        Assert.Contains("3 tokens", e.Message);
    }

    [Fact]
    public void Generate_MoreBeamsThanTheVocabularyAllows_SaysSo()
    {
        using var decoder = new TableDecoder(images: 1, vocabulary: 9, seed: 1);
        var e = Assert.Throws<ArgumentException>(() => TextGenerator.Generate(decoder, [7], Plain with { Beams = 5 }, CancellationToken.None));
        Assert.Contains("at most 4", e.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Generate_LogitsNotNumbers_Refused(int beams)
    {
        using var decoder = new TableDecoder(images: 2, vocabulary: 50, seed: 1, endBonus: double.NaN, EndId);
        Assert.Throws<InvalidOperationException>(() => TextGenerator.Generate(decoder, [7], Plain with { Beams = beams }, CancellationToken.None));
    }
}
