namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>A video and its frame embeddings, as the index stores it.</summary>
/// <param name="VideoId">Its name, unique in the index.</param>
/// <param name="Frames">Frame embeddings [N, D], un-normalised. N may be 0: such a video is stored and never found.</param>
/// <param name="Times">Presentation times [N], in seconds.</param>
internal sealed record IndexedVideo(string VideoId, ReadOnlyMemory<float> Frames, ReadOnlyMemory<double> Times)
{
    /// <summary>Checks names, shapes and values before anything is written.</summary>
    /// <exception cref="ArgumentException">Embeddings have another shape than [N, D], or a name is empty or given twice.</exception>
    /// <exception cref="InvalidDataException">An embedding holds NaN or infinity: its video would never be found.</exception>
    internal static void CheckAll(IReadOnlyList<IndexedVideo> videos, int dimension)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var video in videos)
        {
            if (string.IsNullOrEmpty(video.VideoId))
                throw new ArgumentException("A video has no name; expected one for each.", nameof(videos));
            if (!names.Add(video.VideoId)) throw new ArgumentException($"The video '{video.VideoId}' is given twice.", nameof(videos));
            if (video.Frames.Length != (long)video.Times.Length * dimension)
            {
                throw new ArgumentException(
                    $"The video '{video.VideoId}' has {video.Frames.Length} embedding values and {video.Times.Length} times; "
                    + $"expected {dimension} values for each time.", nameof(videos));
            }
            FiniteEmbedding.Require($"the frames of '{video.VideoId}'", video.Frames.Span);
        }
    }
}
