namespace VideoCaptionRetrieval.Models;

/// <summary>The advice at the end of every message about a missing model.</summary>
public static class MissingModel
{
    /// <summary>The command that fetches a public checkpoint, as a clause to put after a semicolon.</summary>
    public const string Advice = "'vcr models list' names public checkpoints, 'vcr models get NAME --out DIR' fetches one";
}
