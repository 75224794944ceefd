namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>Opens checkpoints of any format for inference, in ONNX Runtime.</summary>
internal static class ClipInference
{
    /// <summary>Opens a checkpoint; the caller disposes the encoder.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or the files do not fit each other.</exception>
    /// <exception cref="InvalidOperationException">The GPU cannot be had, and falling back to the CPU is not allowed.</exception>
    internal static OnnxClipEncoder Open(ClipCheckpoint checkpoint, InferenceOptions? options = null, InferenceDevice device = default)
    {
        options ??= new();
        checkpoint.CheckFrames();
        var (config, tokenizer, preprocessing) = (checkpoint.Config, checkpoint.LoadTokenizer(), checkpoint.Preprocessing);
        if (checkpoint.Graphs(options.Precision) is { } graphs)
            return OnnxClipEncoder.FromGraphs(graphs, config, tokenizer, preprocessing, options, device);
        using var weights = checkpoint.OpenWeights();
        return OnnxClipEncoder.FromWeights(weights, config, tokenizer, preprocessing, options, device);
    }
}
