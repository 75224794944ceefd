namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>An object in a video: when it is there, where it goes, and what becomes of it. Times are shares of the video, 0 to 1.</summary>
internal sealed record Actor
{
    private const float MoveShare = 0.35f;
    private const float ChangeTime = 0.08f;

    internal required SceneObject Object { get; init; }

    internal required Pose First { get; init; }

    /// <summary>Its pose after it has moved, turned and changed.</summary>
    internal required Pose Last { get; init; }

    /// <summary>When it comes.</summary>
    internal required float Start { get; init; }

    /// <summary>When it goes.</summary>
    internal required float End { get; init; }

    /// <summary>When it begins to move; the move takes about a third of its stay.</summary>
    internal required float MoveAt { get; init; }

    internal required bool Moves { get; init; }

    internal required ActorChange Change { get; init; }

    /// <summary>When it changes, quickly.</summary>
    internal required float ChangeAt { get; init; }

    /// <summary>What it is after a change.</summary>
    internal required SceneObject Becomes { get; init; }

    /// <summary>How far it moves to the right, in units of the world.</summary>
    internal float Dx => Last.X - First.X;

    internal bool IsThere(float time) => time >= Start && time <= End;

    /// <summary>Where and how it is at a time.</summary>
    internal Pose At(float time)
    {
        var moved = Ease((time - MoveAt) / (MoveShare * (End - Start)));
        var changed = Ease((time - ChangeAt) / ChangeTime);
        return new(Mix(First.X, Last.X, moved), Mix(First.Y, Last.Y, moved), Mix(First.Radius, Last.Radius, changed),
            Mix(First.Turn, Last.Turn, time), Mix(First.Paint, Last.Paint, changed));
    }

    /// <summary>
    /// Whether it passes another one, which rests: both are there during the whole move, and it comes from one side and ends on the other.
    /// </summary>
    internal bool Passes(Actor other)
    {
        var end = MoveAt + (MoveShare * (End - Start));
        return Moves && !other.Moves && other.Start <= MoveAt && other.End >= end && Math.Abs(Dx) > Cells.Size
            && (First.X - other.First.X) * (Last.X - other.First.X) < 0
            && Math.Abs(((First.Y + Last.Y) / 2) - other.First.Y) < 1.5f * Cells.Size;
    }

    /// <summary>From 0 at 0 to 1 at 1, slow at both ends.</summary>
    private static float Ease(float share)
    {
        var x = Math.Clamp(share, 0, 1);
        return x * x * (3 - (2 * x));
    }

    private static float Mix(float from, float to, float share) => from + ((to - from) * share);

    private static Rgb Mix(Rgb from, Rgb to, float share) =>
        new(Mix(from.Red, to.Red, share), Mix(from.Green, to.Green, share), Mix(from.Blue, to.Blue, share));
}

/// <summary>How an object differs at the end of a video from its beginning.</summary>
internal enum ActorChange
{
    None,
    Colour,
    Size,
}
