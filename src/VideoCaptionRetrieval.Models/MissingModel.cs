namespace VideoCaptionRetrieval.Models;

/// <summary>What every message about a model that is not there says at its end.</summary>
internal static class MissingModel
{
    /// <summary>The command that fetches a public checkpoint, as a clause to put after a semicolon.</summary>
    internal const string Advice = "'vcr models list' names public checkpoints, 'vcr models get NAME --out DIR' fetches one";
}
