namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>The truth about videos, for tests alone: what happens, in order, in free style; attributes are often but not always said.</summary>
internal static class VideoSentences
{
    private static readonly Detail _detail = new(Colour: 0.85, Texture: 0.5, Size: 0.4, Synonyms: true);

    /// <summary>A sentence about a scene.</summary>
    internal static string Of(Draws draws, VideoScene video)
    {
        var passed = Passed(draws, video);
        var parts = video.Actors.Where(actor => actor != passed?.Resting).Select(actor => actor == passed?.Passing
            ? $"{Phrases.Noun(draws, actor.Thing, _detail)} {draws.Of(Lexicon.Passing)} {Phrases.Noun(draws, passed.Value.Resting.Thing, _detail)}"
            : $"{Phrases.Noun(draws, actor.Thing, _detail)} {Verb(draws, actor)}").ToList();
        var sentence = parts.Aggregate((all, part) => $"{all} {draws.Of(Lexicon.Joining)} {part}");
        if (!draws.Chance(0.6)) return sentence;
        var scene = Phrases.Scene(draws, video.Scene, synonyms: true);
        return draws.Chance(0.5) ? $"{scene} {sentence}" : $"{sentence} {scene}";
    }

    /// <summary>Two things, one of which passes the other, where the sentence is to say so.</summary>
    private static (Actor Passing, Actor Resting)? Passed(Draws draws, VideoScene video)
    {
        var pair = video.Actors.SelectMany(one => video.Actors.Where(one.Passes).Select(other => (one, other)))
            .Select(pair => ((Actor, Actor)?)pair).FirstOrDefault();
        return pair is not null && draws.Chance(0.7) ? pair : null;
    }

    private static string Verb(Draws draws, Actor actor)
    {
        if (actor.Change != ActorChange.None && draws.Chance(0.7)) return Change(draws, actor);
        if (actor.Start > 0.05f && draws.Chance(0.5)) return draws.Of(Lexicon.Entering);
        if (actor.End < 0.95f && draws.Chance(0.5)) return draws.Of(Lexicon.Leaving);
        if (!actor.Moves) return draws.Of(Lexicon.Resting);
        var verb = draws.Of(Lexicon.Moving);
        return Math.Abs(actor.Dx) > Cells.Size / 2 && draws.Chance(0.6) ? $"{verb} to the {(actor.Dx > 0 ? "right" : "left")}" : verb;
    }

    private static string Change(Draws draws, Actor actor)
    {
        if (actor.Change == ActorChange.Colour) return $"{draws.Of(Lexicon.Turning)} {Lexicon.Colours[actor.Becomes.Colour]}";
        return draws.Of(actor.Becomes.Size == 1 ? Lexicon.Growing : Lexicon.Shrinking);
    }
}
