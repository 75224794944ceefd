namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>How a thing differs at the end of a video from its beginning.</summary>
internal enum ActorChange
{
    None,
    Colour,
    Size,
}
