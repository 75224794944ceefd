using Microsoft.ML.Runtime;

namespace VideoCaptionRetrieval;

/// <summary>Trainers of text-to-video retrieval: <c>mlContext.VideoRetrieval.Trainers</c>.</summary>
public sealed class VideoRetrievalTrainers
{
    private readonly IHostEnvironment _environment;

    internal VideoRetrievalTrainers(IHostEnvironment environment) => _environment = environment;

    /// <summary>Fine-tunes a dual encoder, CLIP or BLIP, on videos and their captions with multi-caption query scoring.</summary>
    /// <param name="checkpoint">
    /// A folder with a CLIP checkpoint in Hugging Face layout: config.json, model.safetensors, vocab.json, merges.txt,
    /// preprocessor_config.json; or one of its other published formats. Or a folder with a BLIP checkpoint for retrieval: in Hugging Face layout
    /// (BlipForImageTextRetrieval), or one of the authors' .pth files with vocab.txt.
    /// </param>
    /// <param name="options">Options; null takes the defaults.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public MultiCaptionRetrievalTrainer MultiCaption(string checkpoint, MultiCaptionRetrievalOptions? options = null) =>
        new(_environment, checkpoint, options);
}
