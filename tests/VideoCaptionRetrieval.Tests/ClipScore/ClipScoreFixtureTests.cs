using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.ClipScore;

[Trait("Category", "Fixtures")]
public sealed class ClipScoreFixtureTests
{
    public static TheoryData<string> Cases => FixtureCase.OfKind("clipscore");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void ClipScore_Fixture_MatchesReference(string row)
    {
        var fixture = FixtureCase.Open(row);
        using var file = fixture.Tensors();
        var (images, texts) = (file.Floats("image_embeds"), file.Floats("text_embeds"));
        var (weight, dimension) = (fixture.Options["weight"]!.GetValue<double>(), file.Shape("image_embeds")[1]);
        Assert.Equal(QueryScoring.Epsilon, fixture.Options["eps"]!.GetValue<double>());

        var scores = Enumerable.Range(0, images.Length / dimension).Select(at => QueryScoring.ClipScore(
            images.AsSpan(at * dimension, dimension), texts.AsSpan(at * dimension, dimension), weight)).ToArray();

        Closeness.AssertClose(row, file.Floats("scores").Widen(), scores, fixture.Tolerance("scores"));
    }
}
