using VideoCaptionRetrieval.Models.Gpt2;
using static VideoCaptionRetrieval.Models.Checkpoints.TensorShapes;

namespace VideoCaptionRetrieval.Models.ClipCap;

/// <summary>Lists the tensors of a ClipCap by the published names, with their shapes.</summary>
public static class ClipCapTensors
{
    /// <summary>Suffixes of the causal masks that older versions of transformers stored.</summary>
    public static readonly string[] Masks = [".attn.bias", ".attn.masked_bias"];

    /// <summary>Lists the tensors of mapper and GPT-2.</summary>
    internal static IReadOnlyDictionary<string, long[]> List(Gpt2Config config, ClipCapLayout layout) =>
        ToDictionary([.. Mapper(layout, config.HiddenSize), .. Gpt2(config, layout.HasHead)]);

    private static IEnumerable<(string Name, long[] Shape)> Mapper(ClipCapLayout layout, long width)
    {
        const string Project = "clip_project";
        var prefix = layout.PrefixLength * width;
        return layout.Kind switch
        {
            ClipCapMapperKind.Mlp =>
                [.. Linear($"{Project}.model.0", layout.Hidden, layout.ClipSize), .. Linear($"{Project}.model.2", prefix, layout.Hidden)],
            ClipCapMapperKind.Linear => Linear(Project, prefix, layout.ClipSize),
            ClipCapMapperKind.Transformer =>
            [
                .. Linear($"{Project}.linear", layout.ClipLength * width, layout.ClipSize), ($"{Project}.prefix_const", [layout.PrefixLength, width]),
                .. Enumerable.Range(0, layout.Layers).SelectMany(layer => MapperLayer($"{Project}.transformer.layers.{layer}", width, layout.Hidden)),
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(layout), layout.Kind, $"The mapper '{layout.Kind}' is not known."),
        };
    }

    private static IEnumerable<(string Name, long[] Shape)> MapperLayer(string layer, long width, long hidden) =>
    [
        .. LayerNorm($"{layer}.norm1", width), ($"{layer}.attn.to_queries.weight", [width, width]),
        ($"{layer}.attn.to_keys_values.weight", [2 * width, width]), .. Linear($"{layer}.attn.project", width, width),
        .. LayerNorm($"{layer}.norm2", width), .. Linear($"{layer}.mlp.fc1", hidden, width), .. Linear($"{layer}.mlp.fc2", width, hidden),
    ];

    private static IEnumerable<(string Name, long[] Shape)> Gpt2(Gpt2Config config, bool hasHead)
    {
        const string Transformer = "gpt.transformer";
        long width = config.HiddenSize, inner = config.IntermediateSize;
        return
        [
            ($"{Transformer}.wte.weight", [config.VocabularySize, width]), ($"{Transformer}.wpe.weight", [config.Positions, width]),
            .. Enumerable.Range(0, config.Layers).Select(layer => $"{Transformer}.h.{layer}").SelectMany(layer =>
                LayerNorm($"{layer}.ln_1", width).Concat(Convolution($"{layer}.attn.c_attn", width, 3 * width))
                    .Concat(Convolution($"{layer}.attn.c_proj", width, width)).Concat(LayerNorm($"{layer}.ln_2", width))
                    .Concat(Convolution($"{layer}.mlp.c_fc", width, inner)).Concat(Convolution($"{layer}.mlp.c_proj", inner, width))),
            .. LayerNorm($"{Transformer}.ln_f", width),
            .. hasHead ? new (string, long[])[] { ("gpt.lm_head.weight", [config.VocabularySize, width]) } : [],
        ];
    }

    /// <summary>GPT-2 stores its matrices transposed: weight [in, out] and bias [out].</summary>
    private static IEnumerable<(string Name, long[] Shape)> Convolution(string name, long inputs, long outputs) =>
        [($"{name}.weight", [inputs, outputs]), ($"{name}.bias", [outputs])];
}
