using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Models.Gpt2;
using VideoCaptionRetrieval.Torch.Gpt2;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.ClipCap;

/// <summary>
/// ClipCap (Mokady, Hertz, Bermano, arXiv 2111.09734): a mapper turns CLIP's image embedding into a prefix, which GPT-2 continues. Parameter
/// names are those of the published checkpoints. Forward passes are thread-safe. The caller owns and disposes it.
/// </summary>
public sealed class ClipCapModel : nn.Module
{
    private readonly Gpt2Model gpt;
    private readonly nn.Module<Tensor, Tensor> clip_project;

    /// <summary>Allocates the parameters on the CPU without filling them.</summary>
    public ClipCapModel(Gpt2Config config, ClipCapLayout layout) : base(nameof(ClipCapModel))
    {
        Layout = layout;
        gpt = new(config, layout.HasHead);
        clip_project = layout.Kind switch
        {
            ClipCapMapperKind.Mlp => new ClipCapMlpMapper(layout, config.HiddenSize),
            ClipCapMapperKind.Linear => new Linear(layout.ClipSize, layout.PrefixLength * config.HiddenSize),
            ClipCapMapperKind.Transformer => new ClipCapTransformerMapper(layout, config.HiddenSize),
            _ => throw new ArgumentOutOfRangeException(nameof(layout), layout.Kind, $"The mapper '{layout.Kind}' is not known."),
        };
        RegisterComponents();
    }

    internal ClipCapLayout Layout { get; }

    /// <summary>GPT-2's configuration.</summary>
    public Gpt2Config Config => gpt.Config;

    /// <summary>Reads the weights and GPT-2's config.json.</summary>
    /// <param name="weights">The .pt file.</param>
    /// <param name="gpt2Folder">The folder with GPT-2's config.json.</param>
    /// <exception cref="ModelFileException">A file or tensor is missing, damaged, of a wrong shape, or unknown.</exception>
    internal static ClipCapModel Load(string weights, string gpt2Folder)
    {
        TorchRuntime.EnsureLoaded();
        var config = Gpt2Config.Read(gpt2Folder);
        using var file = WeightsFormats.Open(weights);
        return ModuleLoading.LoadOrDispose(new ClipCapModel(config, ClipCapLayout.Read(file, config.HiddenSize)), file,
            ClipCapTensors.Masks);
    }

    /// <summary>Maps un-normalised image embeddings [B, clip] to GPT-2's prefixes [B, prefix, D].</summary>
    public Tensor Prefix(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        return clip_project.forward(embeddings).view(embeddings.shape[0], Layout.PrefixLength, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the logits of all positions at once, as in training: behind the prefix, and behind each token.</summary>
    /// <param name="ids">[B, T] tokens behind the prefix.</param>
    /// <param name="prefix">[B, P, D], from <see cref="Prefix"/>.</param>
    /// <returns>[B, T + 1, V]; the caller disposes it.</returns>
    public Tensor Logits(Tensor ids, Tensor prefix)
    {
        using var scope = NewDisposeScope();
        var embeddings = cat([prefix, gpt.Embed(ids)], 1);                                      // (B, P + T, D)
        var caches = gpt.CreateCaches((int)embeddings.shape[1]);
        try
        {
            var hidden = gpt.Hidden(embeddings, 0, caches).narrow(1, prefix.shape[1] - 1, ids.shape[1] + 1);
            return gpt.Logits(hidden).MoveToOuterDisposeScope();
        }
        finally
        {
            foreach (var cache in caches) cache.Dispose();
        }
    }

    /// <summary>Creates a decoder behind prefixes [B, prefix, D]. The caller owns and disposes it.</summary>
    internal Gpt2StepDecoder StartDecoding(Tensor prefix, int maxLength) => new(gpt, prefix, maxLength);
}
