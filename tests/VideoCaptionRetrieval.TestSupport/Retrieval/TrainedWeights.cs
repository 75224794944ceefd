using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.TestSupport.Retrieval;

/// <summary>The weights of models, to the bit.</summary>
internal static class TrainedWeights
{
    internal static Dictionary<string, string> Of(MultiCaptionRetrievalTransformer model) => Of(model.CheckpointFolder);

    /// <summary>Name and bytes in hexadecimal of each tensor of a checkpoint.</summary>
    internal static Dictionary<string, string> Of(string checkpoint)
    {
        using var file = Open(checkpoint);
        return file.Entries.Keys.ToDictionary(name => name, name => Convert.ToHexString(file.Bytes(name)));
    }

    internal static float LogScaleOf(MultiCaptionRetrievalTransformer model)
    {
        using var file = Open(model.CheckpointFolder);
        return file.ReadFloats("logit_scale")[0];
    }

    private static SafetensorsFile Open(string checkpoint) => new(Path.Combine(checkpoint, "model.safetensors"));
}
