using VideoCaptionRetrieval.Models.Checkpoints;
using static VideoCaptionRetrieval.Models.Checkpoints.TensorShapes;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Lists the tensors of a BLIP network by Hugging Face's state-dict names, with their shapes.</summary>
internal static class BlipTensors
{
    /// <summary>Lists the tensors of the captioner.</summary>
    internal static IReadOnlyDictionary<string, long[]> ListCaptioner(BlipConfig config, BlipHeadLayout head) => ToDictionary(
        [.. Vision(config.Vision), .. Text("text_decoder.bert", config), .. Head(config.Text, head)]);

    /// <summary>Lists the tensors of the retrieval network, including the scale, which no published file holds.</summary>
    internal static IReadOnlyDictionary<string, long[]> ListRetrieval(BlipConfig config) => ToDictionary(
    [
        (BlipWeightNames.LogScale, []), .. Vision(config.Vision), .. Text("text_encoder", config),
        .. Linear("vision_proj", config.ProjectionSize, config.Vision.HiddenSize), .. Linear("text_proj", config.ProjectionSize, config.Text.HiddenSize),
        .. Linear("itm_head", 2, config.Text.HiddenSize),
    ]);

    /// <summary>Lists the tensors of the text side: text encoder and projection.</summary>
    internal static IReadOnlyDictionary<string, long[]> ListText(BlipConfig config) => ToDictionary(
        [.. Text("text_encoder", config), .. Linear("text_proj", config.ProjectionSize, config.Text.HiddenSize)]);

    private static IEnumerable<(string Name, long[] Shape)> Vision(BlipVisionConfig config)
    {
        const string Tower = "vision_model";
        long width = config.HiddenSize, inner = config.IntermediateSize;
        return
        [
            ($"{Tower}.embeddings.class_embedding", [1, 1, width]), ($"{Tower}.embeddings.position_embedding", [1, config.Positions, width]),
            ($"{Tower}.embeddings.patch_embedding.weight", [width, 3, config.PatchSize, config.PatchSize]),
            ($"{Tower}.embeddings.patch_embedding.bias", [width]),
            .. Enumerable.Range(0, config.Layers).Select(layer => $"{Tower}.encoder.layers.{layer}").SelectMany(layer =>
                Linear($"{layer}.self_attn.qkv", 3 * width, width).Concat(Linear($"{layer}.self_attn.projection", width, width))
                    .Concat(LayerNorm($"{layer}.layer_norm1", width)).Concat(LayerNorm($"{layer}.layer_norm2", width))
                    .Concat(Linear($"{layer}.mlp.fc1", inner, width)).Concat(Linear($"{layer}.mlp.fc2", width, inner))),
            .. LayerNorm($"{Tower}.post_layernorm", width),
        ];
    }

    private static IEnumerable<(string Name, long[] Shape)> Text(string bert, BlipConfig config)
    {
        var text = config.Text;
        long width = text.HiddenSize, inner = text.IntermediateSize;
        return
        [
            ($"{bert}.embeddings.word_embeddings.weight", [text.VocabularySize, width]),
            ($"{bert}.embeddings.position_embeddings.weight", [text.Positions, width]), .. LayerNorm($"{bert}.embeddings.LayerNorm", width),
            .. Enumerable.Range(0, text.Layers).Select(layer => $"{bert}.encoder.layer.{layer}").SelectMany(layer =>
                Attention($"{layer}.attention", width, width).Concat(Attention($"{layer}.crossattention", width, config.Vision.HiddenSize))
                    .Concat(Linear($"{layer}.intermediate.dense", inner, width)).Concat(Linear($"{layer}.output.dense", width, inner))
                    .Concat(LayerNorm($"{layer}.output.LayerNorm", width))),
        ];
    }

    private static IEnumerable<(string Name, long[] Shape)> Attention(string name, long width, long source) =>
    [
        .. Linear($"{name}.self.query", width, width), .. Linear($"{name}.self.key", width, source), .. Linear($"{name}.self.value", width, source),
        .. Linear($"{name}.output.dense", width, width), .. LayerNorm($"{name}.output.LayerNorm", width),
    ];

    private static IEnumerable<(string Name, long[] Shape)> Head(BlipTextConfig text, BlipHeadLayout head)
    {
        const string Predictions = "text_decoder.cls.predictions";
        foreach (var tensor in Linear($"{Predictions}.transform.dense", text.HiddenSize, text.HiddenSize)) yield return tensor;
        foreach (var tensor in LayerNorm($"{Predictions}.transform.LayerNorm", text.HiddenSize)) yield return tensor;
        if (head.Weight) yield return ($"{Predictions}.decoder.weight", [text.VocabularySize, text.HiddenSize]);
        if (head.DecoderBias) yield return ($"{Predictions}.decoder.bias", [text.VocabularySize]);
        if (head.Bias) yield return ($"{Predictions}.bias", [text.VocabularySize]);
    }
}

/// <summary>
/// The tensors of the head that a checkpoint holds. transformers does not tie BLIP's decoder.weight to the word embeddings, so a stored one is used
/// as it is; decoder.bias and predictions.bias are one parameter, of which a file may hold either or both.
/// </summary>
/// <param name="Weight">decoder.weight; without it, the word embeddings are the output projection.</param>
/// <param name="DecoderBias">decoder.bias, which takes precedence over predictions.bias.</param>
/// <param name="Bias">predictions.bias.</param>
public sealed record BlipHeadLayout(bool Weight, bool DecoderBias, bool Bias)
{
    private const string Predictions = "text_decoder.cls.predictions.";

    /// <summary>The tensors that transformers writes for an untied model.</summary>
    public static BlipHeadLayout Untied { get; } = new(Weight: true, DecoderBias: true, Bias: true);

    /// <summary>Finds the head's tensors in a checkpoint.</summary>
    /// <param name="file">The checkpoint's weights.</param>
    /// <param name="mayTie">False where config.json forbids tying: decoder.weight is then required.</param>
    public static BlipHeadLayout Find(WeightsFile file, bool mayTie)
    {
        var decoderBias = file.Entries.ContainsKey(Predictions + "decoder.bias");
        return new(!mayTie || file.Entries.ContainsKey(Predictions + "decoder.weight"), decoderBias,
            !decoderBias || file.Entries.ContainsKey(Predictions + "bias"));
    }
}
