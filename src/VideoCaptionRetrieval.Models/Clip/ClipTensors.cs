using VideoCaptionRetrieval.Models.Clip.Configuration;
using static VideoCaptionRetrieval.Models.Checkpoints.TensorShapes;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>Lists the tensors of a CLIP dual encoder by Hugging Face's state-dict names, with their shapes.</summary>
internal static class ClipTensors
{
    /// <summary>Lists the tensors of both towers.</summary>
    internal static IReadOnlyDictionary<string, long[]> List(ClipConfig config) =>
        ToDictionary([(ClipWeightNames.LogitScale, []), .. Vision(config), .. Text(config)]);

    /// <summary>Lists the tensors of the text side.</summary>
    internal static IReadOnlyDictionary<string, long[]> ListText(ClipConfig config) => ToDictionary(Text(config));

    private static IEnumerable<(string Name, long[] Shape)> Vision(ClipConfig config)
    {
        const string Tower = "vision_model";
        var (vision, width) = (config.Vision, (long)config.Vision.Tower.HiddenSize);
        return
        [
            ($"{Tower}.embeddings.class_embedding", [width]),
            ($"{Tower}.embeddings.patch_embedding.weight", [width, 3, vision.PatchSize, vision.PatchSize]),
            ($"{Tower}.embeddings.position_embedding.weight", [vision.Patches + 1, width]),
            .. LayerNorm($"{Tower}.pre_layrnorm", width), .. Layers(Tower, vision.Tower), .. LayerNorm($"{Tower}.post_layernorm", width),
            ("visual_projection.weight", [config.ProjectionSize, width]),
        ];
    }

    private static IEnumerable<(string Name, long[] Shape)> Text(ClipConfig config)
    {
        const string Tower = "text_model";
        var (text, width) = (config.Text, (long)config.Text.Tower.HiddenSize);
        return
        [
            ($"{Tower}.embeddings.token_embedding.weight", [text.VocabularySize, width]),
            ($"{Tower}.embeddings.position_embedding.weight", [text.ContextLength, width]),
            .. Layers(Tower, text.Tower), .. LayerNorm($"{Tower}.final_layer_norm", width),
            ("text_projection.weight", [config.ProjectionSize, width]),
        ];
    }

    private static IEnumerable<(string Name, long[] Shape)> Layers(string tower, ClipTowerConfig config)
    {
        var (width, inner) = ((long)config.HiddenSize, (long)config.IntermediateSize);
        return Enumerable.Range(0, config.Layers).Select(layer => $"{tower}.encoder.layers.{layer}").SelectMany(layer =>
            new[] { "q_proj", "k_proj", "v_proj", "out_proj" }.SelectMany(name => Linear($"{layer}.self_attn.{name}", width, width))
                .Concat(LayerNorm($"{layer}.layer_norm1", width)).Concat(LayerNorm($"{layer}.layer_norm2", width))
                .Concat(Linear($"{layer}.mlp.fc1", inner, width)).Concat(Linear($"{layer}.mlp.fc2", width, inner)));
    }
}
