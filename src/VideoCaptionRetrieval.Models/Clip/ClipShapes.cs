using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>
/// Compares the sizes of a configuration with the tensors, before a network is made: a damaged configuration would ask for any amount of
/// memory. The rest is compared when the network is filled.
/// </summary>
internal static class ClipShapes
{
    /// <exception cref="ModelFileException">Names the file, the tensor, and both shapes.</exception>
    internal static void Check(ClipConfig config, WeightsFile file)
    {
        var (text, vision) = (config.Text, config.Vision);
        ModuleLoading.CheckEntry(file, "vision_model.embeddings.patch_embedding.weight", [vision.Tower.HiddenSize, 3, vision.PatchSize, vision.PatchSize]);
        ModuleLoading.CheckEntry(file, ClipWeightNames.VisionPositions, [vision.Patches + 1L, vision.Tower.HiddenSize]);
        ModuleLoading.CheckEntry(file, "visual_projection.weight", [config.ProjectionSize, vision.Tower.HiddenSize]);
        Tower(file, "vision_model.", vision.Tower);
        ModuleLoading.CheckEntry(file, "text_model.embeddings.token_embedding.weight", [text.VocabularySize, text.Tower.HiddenSize]);
        ModuleLoading.CheckEntry(file, "text_model.embeddings.position_embedding.weight", [text.ContextLength, text.Tower.HiddenSize]);
        ModuleLoading.CheckEntry(file, "text_projection.weight", [config.ProjectionSize, text.Tower.HiddenSize]);
        Tower(file, "text_model.", text.Tower);
    }

    private static void Tower(WeightsFile file, string prefix, ClipTowerConfig tower)
    {
        for (var layer = 0; layer < tower.Layers; layer++)
        {
            ModuleLoading.CheckEntry(file, $"{prefix}encoder.layers.{layer}.self_attn.q_proj.weight", [tower.HiddenSize, tower.HiddenSize]);
            ModuleLoading.CheckEntry(file, $"{prefix}encoder.layers.{layer}.mlp.fc1.weight", [tower.IntermediateSize, tower.HiddenSize]);
        }
    }
}
