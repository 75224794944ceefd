namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>A scene of a video: one to four things that stand, move, come, go and change over a ground that drifts.</summary>
/// <param name="Scene">Entry of <see cref="Lexicon.Scenes"/>.</param>
/// <param name="Actors">What happens, in the order in which they come.</param>
/// <param name="Ground">The ground's colour.</param>
internal sealed record VideoScene(int Scene, IReadOnlyList<Actor> Actors, Rgb Ground)
{
    private static readonly double[] _counts = [0.25, 0.45, 0.2, 0.1];

    /// <summary>For each number of things, the range in which each comes and that in which it goes, as shares of the video.</summary>
    private static readonly (double From, double To, double GoneFrom, double GoneTo)[][] _stays =
    [
        [(0, 0, 1, 1)],
        [(0, 0, 0.45, 1), (0, 0.55, 1, 1)],
        [(0, 0, 0.4, 0.7), (0.1, 0.4, 0.7, 1), (0.45, 0.7, 1, 1)],
        [(0, 0, 0.35, 0.55), (0.1, 0.25, 0.55, 0.75), (0.3, 0.45, 0.8, 1), (0.55, 0.7, 1, 1)],
    ];

    /// <summary>Draws a scene, but no pixels.</summary>
    /// <param name="draws">The video's numbers.</param>
    /// <param name="gap">How far colours and turns are from those of still images; 0 = not at all.</param>
    internal static VideoScene Draw(Draws draws, double gap)
    {
        var scene = draws.Below(Lexicon.Scenes.Count);
        var stays = _stays[draws.Weighted(_counts)];
        var (first, last) = (Cells.Draw(draws, stays.Length, jitter: 2), Cells.Draw(draws, stays.Length, jitter: 2));
        var actors = stays.Select((stay, i) => DrawActor(draws, gap, first[i], last[i],
            draws.Between(stay.From, stay.To), draws.Between(stay.GoneFrom, stay.GoneTo))).ToArray();
        return new(scene, actors, Palette.Scenes[scene].Near(draws, 0.1 * gap));
    }

    /// <summary>A scene in which a thing slides past another one, from left to right or back.</summary>
    /// <param name="draws">Where, and over which ground.</param>
    /// <param name="gap">As for <see cref="Draw"/>.</param>
    /// <param name="moving">What slides.</param>
    /// <param name="resting">What it slides past.</param>
    internal static VideoScene Passing(Draws draws, double gap, Thing moving, Thing resting)
    {
        var scene = draws.Below(Lexicon.Scenes.Count);
        var (left, right) = (Cells.Middle(0), Cells.Middle(Cells.PerSide - 1));
        var (from, to) = draws.Chance(0.5) ? (left, right) : (right, left);
        var row = Cells.Middle(draws.Below(Cells.PerSide - 1));
        var mover = Still(draws, gap, moving, (from, row));
        return new(scene, [Still(draws, gap, resting, (Cells.Middle(1), row + Cells.Size)), mover with { Moves = true, Last = mover.Last with { X = to } }],
            Palette.Scenes[scene]);
    }

    /// <summary>A thing that is there all the time, and stays as it is.</summary>
    private static Actor Still(Draws draws, double gap, Thing thing, (float X, float Y) place)
    {
        var pose = DrawPose(draws, gap, thing, place, turn: 0);
        return new()
        {
            Thing = thing,
            First = pose,
            Last = pose,
            Start = 0,
            End = 1,
            Moves = false,
            MoveAt = 0.3f,
            Change = ActorChange.None,
            ChangeAt = 1,
            Becomes = thing,
        };
    }

    private static Actor DrawActor(Draws draws, double gap, (float X, float Y) from, (float X, float Y) to, float start, float end)
    {
        var thing = Thing.Draw(draws);
        var moves = draws.Chance(0.7);
        var change = draws.Chance(0.2) ? draws.Of([ActorChange.Colour, ActorChange.Size]) : ActorChange.None;
        var becomes = change switch
        {
            ActorChange.Colour => thing with { Colour = (thing.Colour + 1 + draws.Below(Lexicon.Colours.Count - 1)) % Lexicon.Colours.Count },
            ActorChange.Size => thing with { Size = 1 - thing.Size },
            _ => thing,
        };
        var first = DrawPose(draws, gap, thing, from, draws.Between(-0.25, 0.25));
        var changed = change == ActorChange.None
            ? first
            : DrawPose(draws, gap, becomes, from, turn: 0);
        var place = moves ? to : from;
        var last = changed with { X = place.X, Y = place.Y, Turn = first.Turn + (float)(gap * draws.Between(-0.4, 0.4)) };
        return new()
        {
            Thing = thing,
            First = first,
            Last = last,
            Start = start,
            End = end,
            Moves = moves,
            MoveAt = start + ((end - start) * draws.Between(0.1, 0.5)),
            Change = change,
            Becomes = becomes,
            ChangeAt = start + ((end - start) * draws.Between(0.35, 0.65)),
        };
    }

    private static Pose DrawPose(Draws draws, double gap, Thing thing, (float X, float Y) place, float turn) => new(
        place.X, place.Y, thing.Size == 0 ? draws.Between(5.2, 6.2) : draws.Between(7, 8), turn,
        Palette.Colours[thing.Colour].Near(draws, 0.08 * gap).Duller((float)(0.25 * gap)));
}
