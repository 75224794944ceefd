namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>The sizes that all three networks share: about 0.9 million weights each.</summary>
internal static class NetworkShape
{
    /// <summary>Pixels of a patch's side. Things of the closed world lie in cells of this size.</summary>
    internal const int Patch = 16;

    internal const int Width = 128, Hidden = 2 * Width, VisionLayers = 3, TextLayers = 2, Heads = 4;
}
