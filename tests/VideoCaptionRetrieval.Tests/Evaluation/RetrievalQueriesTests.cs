using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Tests.ClipScore;

namespace VideoCaptionRetrieval.Tests.Evaluation;

public sealed class RetrievalQueriesTests
{
    private static IDataView View<T>(params T[] rows) where T : class => new MLContext().Data.LoadFromEnumerable(rows);

    private static List<RetrievalQuery> Read(IDataView view) => RetrievalQueries.Read(view, "VideoId", "Text", out _);

    [Fact]
    public void Read_TextAndVectors_SentencesWithoutBlankOnes()
    {
        var single = Read(View(new { VideoId = "a", Text = "one" }, new { VideoId = "b", Text = " " }, new { VideoId = "a", Text = "two" }));
        Assert.Equal([("a", "one"), ("a", "two")], single.Select(query => (query.VideoId, Assert.Single(query.Sentences))));
        var several = Read(View(new Sentences("a", ["one", "", "two"]), new Sentences("b", ["", "\t", ""])));
        Assert.Equal(["one", "two"], Assert.Single(several).Sentences);
        RetrievalQueries.Read(View(new { VideoId = "a", Text = "one" }, new { VideoId = "b", Text = " " }), "VideoId", "Text", out var blank);
        Assert.Equal(1, blank);
    }

    [Fact]
    public void Read_ColumnsOfOtherTypesOrNone_NamesThem()
    {
        Assert.Contains("'Text'", Assert.Throws<ArgumentException>(() => Read(View(new { VideoId = "a" }))).Message);
        Assert.Contains("'VideoId'", Assert.Throws<ArgumentException>(() => Read(View(new { Text = "a" }))).Message);
        Assert.Contains("'Text' is", Assert.Throws<ArgumentException>(() => Read(View(new { VideoId = "a", Text = 1f }))).Message);
        Assert.Contains("no query", Assert.Throws<ArgumentException>(() => Read(View(new { VideoId = "a", Text = "" }))).Message);
    }

    [Fact]
    public void Embed_QueriesOfSeveralSentences_EachItsRows()
    {
        using var encoder = new CountingDualEncoder(2);
        var embeddings = RetrievalQueries.Embed([new("a", ["x#0", "x#30"]), new("b", ["x#60"])], encoder);
        Assert.Equal([2 * encoder.Dimension, encoder.Dimension], embeddings.Select(rows => rows.Length));
        Assert.Single(encoder.TextCalls);
        var alone = new float[encoder.Dimension];
        encoder.EmbedTexts(["x#60"], alone);
        Assert.Equal(alone, embeddings[1]);
    }

    [Fact]
    public void Owners_NamesWrittenInOtherWays_Found() => Assert.Equal(
        [1, 1, 0, -1], RetrievalQueries.FindTargets([new("./clips//b.mp4", [""]), new("clips/b.mp4", [""]), new("a", [""]), new("c", [""])], ["a", "clips/b.mp4"]));

    private sealed record Sentences(string VideoId, [property: VectorType(3)] string[] Text);
}
