namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>The truth about videos, for tests alone: what happens, in order, in free style; attributes are often but not always said.</summary>
internal static class VideoSentences
{
    private static readonly CaptionDetail _detail = new(Colour: 0.85, Texture: 0.5, Size: 0.4, Synonyms: true);

    /// <summary>Writes a sentence about a scene.</summary>
    internal static string Write(RandomStream random, VideoScene video)
    {
        var passed = Passed(random, video);
        var parts = video.Actors.Where(actor => actor != passed?.Resting).Select(actor => actor == passed?.Passing
            ? $"{Phrases.Noun(random, actor.Object, _detail)} {random.Pick(Vocabulary.Passing)} {Phrases.Noun(random, passed.Value.Resting.Object, _detail)}"
            : $"{Phrases.Noun(random, actor.Object, _detail)} {Verb(random, actor)}").ToList();
        var sentence = parts.Aggregate((all, part) => $"{all} {random.Pick(Vocabulary.Joining)} {part}");
        if (!random.Chance(0.6)) return sentence;
        var scene = Phrases.Scene(random, video.Scene, synonyms: true);
        return random.Chance(0.5) ? $"{scene} {sentence}" : $"{sentence} {scene}";
    }

    /// <summary>Two objects, one of which passes the other, where the sentence is to say so.</summary>
    private static (Actor Passing, Actor Resting)? Passed(RandomStream random, VideoScene video)
    {
        var pair = video.Actors.SelectMany(one => video.Actors.Where(one.Passes).Select(other => (one, other)))
            .Select(pair => ((Actor, Actor)?)pair).FirstOrDefault();
        return pair is not null && random.Chance(0.7) ? pair : null;
    }

    private static string Verb(RandomStream random, Actor actor)
    {
        if (actor.Change != ActorChange.None && random.Chance(0.7)) return Change(random, actor);
        if (actor.Start > 0.05f && random.Chance(0.5)) return random.Pick(Vocabulary.Entering);
        if (actor.End < 0.95f && random.Chance(0.5)) return random.Pick(Vocabulary.Leaving);
        if (!actor.Moves) return random.Pick(Vocabulary.Resting);
        var verb = random.Pick(Vocabulary.Moving);
        return Math.Abs(actor.Dx) > Cells.Size / 2 && random.Chance(0.6) ? $"{verb} to the {(actor.Dx > 0 ? "right" : "left")}" : verb;
    }

    private static string Change(RandomStream random, Actor actor)
    {
        if (actor.Change == ActorChange.Colour) return $"{random.Pick(Vocabulary.Turning)} {Vocabulary.Colours[actor.Becomes.Colour]}";
        return random.Pick(actor.Becomes.Size == 1 ? Vocabulary.Growing : Vocabulary.Shrinking);
    }
}
