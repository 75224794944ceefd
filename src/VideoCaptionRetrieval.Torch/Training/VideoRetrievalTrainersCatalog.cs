using VideoCaptionRetrieval;

namespace Microsoft.ML;

/// <summary>Adds the trainers that run in libtorch to <c>mlContext.VideoRetrieval.Trainers</c>.</summary>
public static class VideoRetrievalTrainersCatalog
{
    extension(VideoRetrievalTrainers trainers)
    {
        /// <summary>Fine-tunes a dual encoder, CLIP or BLIP, on videos and their captions with multi-caption query scoring.</summary>
        /// <param name="checkpoint">
        /// A folder with a CLIP checkpoint in Hugging Face layout: config.json, model.safetensors, vocab.json, merges.txt,
        /// preprocessor_config.json; or one of its other published formats. Or a folder with a BLIP checkpoint for retrieval: in Hugging Face layout
        /// (BlipForImageTextRetrieval), or one of the authors' .pth files with vocab.txt.
        /// </param>
        /// <param name="options">Options; null takes the defaults.</param>
        /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
        public MultiCaptionRetrievalTrainer MultiCaption(string checkpoint, MultiCaptionRetrievalOptions? options = null) =>
            new(trainers.Environment, checkpoint, options);
    }
}
