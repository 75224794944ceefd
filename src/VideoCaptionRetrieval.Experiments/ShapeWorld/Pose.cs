namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>Where and how a thing is drawn.</summary>
/// <param name="X">Centre, in units of the world, to the right.</param>
/// <param name="Y">Centre, in units of the world, downwards.</param>
/// <param name="Radius">In units of the world.</param>
/// <param name="Turn">Radians, against the clock.</param>
/// <param name="Paint">Its colour.</param>
internal readonly record struct Pose(float X, float Y, float Radius, float Turn, Rgb Paint);
