namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Names of the files that every checkpoint in Hugging Face layout has.</summary>
internal static class CheckpointFiles
{
    internal const string Configuration = "config.json";
    internal const string Weights = "model.safetensors";
    internal const string Preprocessor = "preprocessor_config.json";
}
