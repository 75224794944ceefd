using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Search.Storage;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Search.Tests;

[Trait("Category", "Fixtures")]
public sealed class SearchFixtureTests
{
    // What the expected scores hold for a video without frames.
    private const double NoScore = -9;

    public static TheoryData<string> Cases => FixtureCase.OfKind("search");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Search_Fixture_MatchesReference(string row)
    {
        var fixture = FixtureCase.Open(row);
        using var file = fixture.Tensors();
        using var folder = new TemporaryFolder();
        var (videos, queries) = (Videos(fixture, file), file.Floats("queries").Chunk(file.Shape("queries")[1]).ToArray());
        var settings = new IndexSettings(queries[0].Length, Scoring(fixture), file.Shape("frames")[1], "fixture");
        AssertScores(fixture, file, videos, queries, settings.Scoring);

        EmbeddingIndex.Create(folder.Path, settings).Upsert(videos);
        var index = EmbeddingIndex.Open(folder.Path);

        for (var query = 0; query < queries.Length; query++)
            AssertHits(fixture, fixture.Json["answers"]![query]!.AsArray(), index, queries[query], videos);
    }

    private static FrameScoring Scoring(FixtureCase fixture)
    {
        var pooling = fixture.Options["pooling"]!.GetValue<string>() switch
        {
            "query" => FramePooling.QueryScoring,
            "mean" => FramePooling.Mean,
            var other => throw new NotSupportedException($"pooling '{other}'"),
        };
        Assert.Equal(QueryScoring.Epsilon, fixture.Options["eps"]!.GetValue<double>());
        return new()
        {
            Pooling = pooling,
            Temperature = fixture.Options["tau"]!.GetValue<double>(),
            NormaliseFrames = fixture.Options["normalisedStorage"]!.GetValue<bool>(),
        };
    }

    private static IndexedVideo[] Videos(FixtureCase fixture, SafetensorsFile file)
    {
        var (shape, counts) = (file.Shape("frames"), fixture.Json["frameCounts"]!.AsArray().Select(count => count!.GetValue<int>()).ToArray());
        return
        [
            .. file.Floats("frames").Chunk(shape[1] * shape[2]).Select((frames, video) => new IndexedVideo(
                fixture.Json["ids"]![video]!.GetValue<string>(), frames.AsMemory(0, counts[video] * shape[2]),
                Enumerable.Range(0, counts[video]).Select(frame => frame * 0.5).ToArray())),
        ];
    }

    private static void AssertScores(FixtureCase fixture, SafetensorsFile file, IndexedVideo[] videos, float[][] queries, FrameScoring scoring)
    {
        var scores = queries.SelectMany(query => videos.Select(video => QueryScoring.Score(video.Frames.Span, query, scoring).Score))
            .Select(score => double.IsNaN(score) ? NoScore : score).ToArray();
        Closeness.AssertClose($"{fixture.Name}/scores", file.Floats("scores").Widen(), scores, fixture.Tolerance("scores"));
    }

    private static void AssertHits(FixtureCase fixture, JsonArray answers, EmbeddingIndex index, float[] query, IndexedVideo[] videos)
    {
        var tolerance = fixture.Json["answerTolerance"]!.GetValue<double>();
        var hits = index.Search(query, fixture.Options["top"]!.GetValue<int>());
        Assert.Equal(answers.Select(answer => answer!["id"]!.GetValue<string>()), hits.Select(hit => hit.VideoId));
        foreach (var (answer, hit) in answers.Zip(hits))
        {
            Assert.Equal(answer!["score"]!.GetValue<double>(), hit.Score, tolerance);
            Assert.Equal(answer["bestFrame"]!.GetValue<int>(), hit.Frame);
            Assert.Equal(hit.Frame * 0.5, hit.Time);
            var best = QueryScoring.Score(videos.Single(video => video.VideoId == hit.VideoId).Frames.Span, query, index.Settings.Scoring);
            Assert.Equal(answer["bestFrameScore"]!.GetValue<double>(), best.BestCosine, tolerance);
        }
    }
}
