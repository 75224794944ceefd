using Microsoft.ML.Runtime;

namespace VideoCaptionRetrieval;

/// <summary>
/// Trainers of text-to-video retrieval: <c>mlContext.VideoRetrieval.Trainers</c>. The package VideoCaptionRetrieval.Torch adds them.
/// </summary>
public sealed class VideoRetrievalTrainers
{
    internal VideoRetrievalTrainers(IHostEnvironment environment) => Environment = environment;

    /// <summary>ML.NET's environment: its seed, its log, its devices.</summary>
    public IHostEnvironment Environment { get; }
}
