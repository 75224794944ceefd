using VideoCaptionRetrieval.Models.Families;

namespace VideoCaptionRetrieval.Models.ClipCap;

/// <summary>ClipCap as a family of checkpoints.</summary>
internal static class ClipCapFormat
{
    internal const string Family = "ClipCap captioner";

    internal static CheckpointFormat Instance { get; } = new(Family, typeof(ClipCapCheckpoint),
        path => ClipCapCheckpoint.FindWeights(path) is not null, (path, options) => ClipCapCheckpoint.Open(path, options.Clip));
}
