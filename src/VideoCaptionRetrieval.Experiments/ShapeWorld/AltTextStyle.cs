namespace VideoCaptionRetrieval.Experiments.ShapeWorld;

/// <summary>How much alt text says, and how much of it is wrong.</summary>
/// <param name="Attribute">How often colour, texture and size are said.</param>
/// <param name="Wrong">How often a said attribute is replaced by a random one.</param>
/// <param name="Thing">How often a thing is mentioned.</param>
/// <param name="Scene">How often the scene is.</param>
internal sealed record AltTextStyle(double Attribute = 0.5, double Wrong = 0.1, double Thing = 0.7, double Scene = 0.4);
