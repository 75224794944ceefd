using VideoCaptionRetrieval.Experiments.ShapeWorld;

namespace VideoCaptionRetrieval.Experiments.Tests.ShapeWorld;

public sealed class VideoSentencesTests
{
    private static readonly List<(VideoScene Scene, string Sentence)> _videos = [.. Enumerable.Range(0, 2000).Select(i =>
    {
        var video = new WorldVideo(new() { Seed = 11 }, "truth", i);
        return (video.Scene(0), video.Sentences().Single());
    })];

    [Fact]
    public void Of_ManyVideos_MentionsAsManyThingsAsThereAre()
    {
        var kinds = Vocabulary.Kinds.SelectMany(words => words).ToHashSet();
        Assert.All(_videos, video => Assert.Equal(video.Scene.Actors.Count, video.Sentence.Split(' ').Count(kinds.Contains)));
        Assert.Equal([1, 2, 3, 4], _videos.Select(video => video.Scene.Actors.Count).Distinct().Order());
    }

    [Fact]
    public void Of_SaysThatAThingTurns_AThingTurnsToThatColour()
    {
        var turning = _videos.Where(video => Vocabulary.Turning.Any(verb => video.Sentence.Contains($" {verb} ", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(turning);
        Assert.All(turning, video => Assert.Contains(video.Scene.Actors, actor => actor.Change == ActorChange.Colour
            && Vocabulary.Turning.Any(verb => video.Sentence.Contains($" {verb} {Vocabulary.Colours[actor.Becomes.Colour]}", StringComparison.Ordinal))));
    }

    [Fact]
    public void Of_SaysThatAThingPasses_ItGoesFromOneSideToTheOther()
    {
        var passing = _videos.Where(video => video.Sentence.Contains(" past ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(passing);
        Assert.All(passing, video => Assert.Contains(video.Scene.Actors, one => video.Scene.Actors.Any(other => !other.Moves
            && Math.Sign(one.At(one.Start).X - other.First.X) != Math.Sign(one.At(one.End).X - other.First.X))));
    }

    [Fact]
    public void Of_SaysADirection_TheThingMovesThatWay()
    {
        foreach (var (direction, sign) in new[] { ("right", 1), ("left", -1) })
        {
            var going = _videos.Where(video => video.Sentence.Contains($" to the {direction}", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(going);
            Assert.All(going, video => Assert.Contains(video.Scene.Actors, actor => actor.Moves && Math.Sign(actor.Dx) == sign));
        }
    }
}
