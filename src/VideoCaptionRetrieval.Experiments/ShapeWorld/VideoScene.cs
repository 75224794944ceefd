namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>A scene of a video: one to four objects that stand, move, come, go and change over a ground that drifts.</summary>
/// <param name="Scene">Entry of <see cref="Vocabulary.Scenes"/>.</param>
/// <param name="Actors">What happens, in the order in which they come.</param>
/// <param name="Ground">The ground's colour.</param>
internal sealed record VideoScene(int Scene, IReadOnlyList<Actor> Actors, Rgb Ground)
{
    private static readonly double[] _counts = [0.25, 0.45, 0.2, 0.1];

    /// <summary>For each number of objects, the range in which each comes and that in which it goes, as shares of the video.</summary>
    private static readonly (double From, double To, double GoneFrom, double GoneTo)[][] _stays =
    [
        [(0, 0, 1, 1)],
        [(0, 0, 0.45, 1), (0, 0.55, 1, 1)],
        [(0, 0, 0.4, 0.7), (0.1, 0.4, 0.7, 1), (0.45, 0.7, 1, 1)],
        [(0, 0, 0.35, 0.55), (0.1, 0.25, 0.55, 0.75), (0.3, 0.45, 0.8, 1), (0.55, 0.7, 1, 1)],
    ];

    /// <summary>Draws a scene, but no pixels.</summary>
    /// <param name="random">The video's numbers.</param>
    /// <param name="gap">How far colours and turns are from those of still images; 0 = not at all.</param>
    internal static VideoScene Draw(RandomStream random, double gap)
    {
        var scene = random.Below(Vocabulary.Scenes.Count);
        var stays = _stays[random.Weighted(_counts)];
        var (first, last) = (Cells.Draw(random, stays.Length, jitter: 2), Cells.Draw(random, stays.Length, jitter: 2));
        var actors = stays.Select((stay, i) => DrawActor(random, gap, first[i], last[i],
            random.Between(stay.From, stay.To), random.Between(stay.GoneFrom, stay.GoneTo))).ToArray();
        return new(scene, actors, Palette.Scenes[scene].Near(random, 0.1 * gap));
    }

    /// <summary>A scene in which an object slides past another one, from left to right or back.</summary>
    /// <param name="random">Where, and over which ground.</param>
    /// <param name="gap">As for <see cref="Draw"/>.</param>
    /// <param name="moving">What slides.</param>
    /// <param name="resting">What it slides past.</param>
    internal static VideoScene Passing(RandomStream random, double gap, SceneObject moving, SceneObject resting)
    {
        var scene = random.Below(Vocabulary.Scenes.Count);
        var (left, right) = (Cells.Middle(0), Cells.Middle(Cells.PerSide - 1));
        var (from, to) = random.Chance(0.5) ? (left, right) : (right, left);
        var row = Cells.Middle(random.Below(Cells.PerSide - 1));
        var mover = Still(random, gap, moving, (from, row));
        return new(scene, [Still(random, gap, resting, (Cells.Middle(1), row + Cells.Size)), mover with { Moves = true, Last = mover.Last with { X = to } }],
            Palette.Scenes[scene]);
    }

    /// <summary>An object that is there all the time, and stays as it is.</summary>
    private static Actor Still(RandomStream random, double gap, SceneObject item, (float X, float Y) place)
    {
        var pose = DrawPose(random, gap, item, place, turn: 0);
        return new()
        {
            Object = item,
            First = pose,
            Last = pose,
            Start = 0,
            End = 1,
            Moves = false,
            MoveAt = 0.3f,
            Change = ActorChange.None,
            ChangeAt = 1,
            Becomes = item,
        };
    }

    private static Actor DrawActor(RandomStream random, double gap, (float X, float Y) from, (float X, float Y) to, float start, float end)
    {
        var item = SceneObject.Draw(random);
        var moves = random.Chance(0.7);
        var change = random.Chance(0.2) ? random.Pick([ActorChange.Colour, ActorChange.Size]) : ActorChange.None;
        var becomes = change switch
        {
            ActorChange.Colour => item with { Colour = (item.Colour + 1 + random.Below(Vocabulary.Colours.Count - 1)) % Vocabulary.Colours.Count },
            ActorChange.Size => item with { Size = 1 - item.Size },
            _ => item,
        };
        var first = DrawPose(random, gap, item, from, random.Between(-0.25, 0.25));
        var changed = change == ActorChange.None
            ? first
            : DrawPose(random, gap, becomes, from, turn: 0);
        var place = moves ? to : from;
        var last = changed with { X = place.X, Y = place.Y, Turn = first.Turn + (float)(gap * random.Between(-0.4, 0.4)) };
        return new()
        {
            Object = item,
            First = first,
            Last = last,
            Start = start,
            End = end,
            Moves = moves,
            MoveAt = start + ((end - start) * random.Between(0.1, 0.5)),
            Change = change,
            Becomes = becomes,
            ChangeAt = start + ((end - start) * random.Between(0.35, 0.65)),
        };
    }

    private static Pose DrawPose(RandomStream random, double gap, SceneObject item, (float X, float Y) place, float turn) => new(
        place.X, place.Y, item.Size == 0 ? random.Between(5.2, 6.2) : random.Between(7, 8), turn,
        Palette.Colours[item.Colour].Near(random, 0.08 * gap).Duller((float)(0.25 * gap)));
}
