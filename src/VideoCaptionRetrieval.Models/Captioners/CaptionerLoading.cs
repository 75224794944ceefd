namespace VideoCaptionRetrieval.Models.Captioners;

/// <summary>Makes a captioner of a network.</summary>
internal static class CaptionerLoading
{
    /// <summary>The captioner owns the network; where its options do not fit, the network is disposed.</summary>
    /// <exception cref="ArgumentException">Options are out of range, or leave no room for a text.</exception>
    internal static GenerativeCaptioner Create(ICaptionNetwork network, GenerationOptions options, string kind, IEnumerable<string> files,
        int batchSize = GenerativeCaptioner.DefaultBatchSize)
    {
        try
        {
            var settings = options.Copy();
            return new(network, settings, () => CaptionerIdentity.Of(kind, files, settings), batchSize);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
