using VideoCaptionRetrieval;

namespace Microsoft.ML;

/// <summary>Adds text-to-video retrieval to MLContext.</summary>
public static class VideoRetrievalContext
{
    extension(MLContext context)
    {
        /// <summary>Trainers, evaluation and frozen checkpoints of text-to-video retrieval.</summary>
        public VideoRetrievalCatalog VideoRetrieval => new(context);
    }
}
