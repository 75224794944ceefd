namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>Where the training of one model stands.</summary>
/// <param name="Stage">"clip eye", "clip", "blip eye", "blip", "blip-retrieval", "blip-retrieval matching" or "clipcap".</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the stage.</param>
/// <param name="Loss">Mean loss since the last report.</param>
internal sealed record ImageModelProgress(string Stage, int Step, int Steps, double Loss);
