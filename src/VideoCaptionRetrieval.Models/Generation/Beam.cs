namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>An open text of the beam search.</summary>
/// <param name="Parent">The beam of the last step that it continues.</param>
/// <param name="Ids">All tokens so far.</param>
/// <param name="LogProbability">Summed over the generated tokens.</param>
internal sealed record Beam(int Parent, int[] Ids, float LogProbability) : IBeam
{
    /// <inheritdoc />
    public int Next => Ids[^1];
}
