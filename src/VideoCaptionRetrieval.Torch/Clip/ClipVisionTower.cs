using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Clip;

/// <summary>The patch convolution: stride = kernel, no bias.</summary>
internal sealed class ClipPatches : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [width, 3, patch, patch]

    internal ClipPatches(long width, long patch) : base(nameof(ClipPatches))
    {
        weight = UninitializedParameter.Create(width, 3, patch, patch);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.conv2d(input, weight, strides: [weight.shape[2], weight.shape[3]]);
}

// Field names are Hugging Face's state-dict names, 'pre_layrnorm' with its published spelling.

/// <summary>Embeds patches, class token and positions.</summary>
internal sealed class ClipVisionEmbeddings : nn.Module
{
    internal readonly Parameter class_embedding;        // [C]
    internal readonly ClipPatches patch_embedding;
    internal readonly Embedding position_embedding;
    private readonly ClipVisionConfig _config;

    internal ClipVisionEmbeddings(ClipVisionConfig config) : base(nameof(ClipVisionEmbeddings))
    {
        _config = config;
        class_embedding = UninitializedParameter.Create(config.Tower.HiddenSize);
        patch_embedding = new(config.Tower.HiddenSize, config.PatchSize);
        position_embedding = new(config.Patches + 1, config.Tower.HiddenSize);
        RegisterComponents();
    }

    internal Tensor Forward(Tensor pixelValues, bool interpolatePositions)
    {
        var (height, width) = (pixelValues.shape[2], pixelValues.shape[3]);
        var own = height == _config.ImageSize && width == _config.ImageSize;
        if (!own && !interpolatePositions)
        {
            throw new ArgumentException($"The images are {height}x{width}, the checkpoint takes {_config.ImageSize}x{_config.ImageSize}; "
                + "another size needs its position table interpolated, which was not asked for.", nameof(pixelValues));
        }
        var patches = patch_embedding.forward(pixelValues).flatten(2).transpose(1, 2);      // (B, patches, C)
        var positions = own ? position_embedding.weight : Positions((int)height / _config.PatchSize, (int)width / _config.PatchSize);
        return cat([class_embedding.expand(patches.shape[0], 1, -1), patches], 1).Plus(positions);
    }

    /// <summary>Interpolates the position embeddings [1 + height·width, C] for another grid; gradients reach the checkpoint's.</summary>
    private Tensor Positions(int height, int width)
    {
        var (grid, table) = (_config.Grid, position_embedding.weight);
        Tensor Axis(int cells) => tensor(PositionInterpolation.Matrix(grid, cells), device: table.device);
        var rows = Axis(height).matmul(table.narrow(0, 1, _config.Patches).reshape(grid, -1));      // (height, grid·C)
        var cells = Axis(width).matmul(rows.view(height, grid, -1));                                // (height, width, C)
        return cat([table.narrow(0, 0, 1), cells.flatten(0, 1)], 0);
    }
}

/// <summary>The image tower.</summary>
public sealed class ClipVisionTower : nn.Module
{
    internal readonly ClipVisionEmbeddings embeddings;
    internal readonly LayerNorm pre_layrnorm, post_layernorm;
    internal readonly ClipEncoder encoder;

    internal ClipVisionTower(ClipVisionConfig config) : base(nameof(ClipVisionTower))
    {
        embeddings = new(config);
        pre_layrnorm = new(config.Tower.HiddenSize, config.Tower.LayerNormEpsilon);
        encoder = new(config.Tower);
        post_layernorm = new(config.Tower.HiddenSize, config.Tower.LayerNormEpsilon);
        RegisterComponents();
    }

    /// <summary>Computes the states [B, 1 + patches, C] of all positions of images [B, 3, S, S], before the last norm.</summary>
    internal Tensor HiddenStates(Tensor pixelValues, bool interpolatePositions = false) =>
        encoder.Forward(pre_layrnorm.forward(embeddings.Forward(pixelValues, interpolatePositions)), causal: false);

    /// <summary>Computes the class token's state [B, C] of images [B, 3, S, S], after the last norm.</summary>
    public Tensor Forward(Tensor pixelValues, bool interpolatePositions = false)
    {
        using var scope = NewDisposeScope();
        return post_layernorm.forward(HiddenStates(pixelValues, interpolatePositions).select(1, 0)).MoveToOuterDisposeScope();
    }
}
