using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>
/// BERT with cross-attention to an image in every layer, as a decoder that runs step by step, or as an encoder of complete texts. Field names are
/// those of the Hugging Face state dict.
/// </summary>
internal sealed class BlipTextModel : nn.Module
{
    private readonly BlipTextEmbeddings embeddings;
    private readonly BlipTextStack encoder;

    internal BlipTextModel(BlipTextConfig config, long imageSize) : base(nameof(BlipTextModel))
    {
        embeddings = new(config);
        encoder = new(config, imageSize);
        RegisterComponents();
    }

    internal Tensor WordEmbeddings => embeddings.WordEmbeddings;

    /// <summary>Creates a cache for each layer, for the image tokens [images, P, image size]. The caller disposes them.</summary>
    internal BlipLayerCache[] CreateCaches(Tensor image, int capacity)
    {
        using var scope = NewDisposeScope();
        return [.. encoder.Layers.Select(layer =>
        {
            var (keys, values) = layer.ProjectImage(image);
            return new BlipLayerCache(keys, values, capacity);
        })];
    }

    /// <summary>Computes hidden states [rows, T, D] of the ids [rows, T] at the positions from <paramref name="past"/> on, causally.</summary>
    internal Tensor Decode(Tensor ids, int past, BlipLayerCache[] caches)
    {
        using var scope = NewDisposeScope();
        var hidden = embeddings.Forward(ids, past);
        foreach (var (layer, cache) in encoder.Layers.Zip(caches)) hidden = layer.Decode(hidden, cache);
        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>Computes hidden states [rows, T, D] of complete texts, with attention in both directions.</summary>
    /// <param name="ids">[rows, T].</param>
    /// <param name="mask">[rows, T], false at padding, which is not attended to.</param>
    /// <param name="image">
    /// [images, S, image size]; each image has the same number of rows, ordered by image. Null = text only.
    /// </param>
    internal Tensor Encode(Tensor ids, Tensor mask, Tensor? image = null)
    {
        using var scope = NewDisposeScope();
        var seen = mask.unsqueeze(1).unsqueeze(1);          // (rows, 1, 1, T)
        var hidden = embeddings.Forward(ids, past: 0);
        foreach (var layer in encoder.Layers) hidden = layer.Encode(hidden, seen, image);
        return hidden.MoveToOuterDisposeScope();
    }

    private sealed class BlipTextStack : nn.Module
    {
        private readonly ModuleList<BlipTextLayer> layer = [];

        internal BlipTextStack(BlipTextConfig config, long imageSize) : base(nameof(BlipTextStack))
        {
            for (var i = 0; i < config.Layers; i++) layer.Add(new BlipTextLayer(config, imageSize));
            RegisterComponents();
        }

        internal IEnumerable<BlipTextLayer> Layers => layer;
    }
}

/// <summary>Embeds words and positions, without token types. Field names are those of the Hugging Face state dict.</summary>
internal sealed class BlipTextEmbeddings : nn.Module
{
    private readonly Embedding word_embeddings;
    private readonly Embedding position_embeddings;
    private readonly LayerNorm LayerNorm;

    internal BlipTextEmbeddings(BlipTextConfig config) : base(nameof(BlipTextEmbeddings))
    {
        word_embeddings = new(config.VocabularySize, config.HiddenSize);
        position_embeddings = new(config.Positions, config.HiddenSize);
        LayerNorm = new(config.HiddenSize, config.LayerNormEpsilon);
        RegisterComponents();
    }

    internal Tensor WordEmbeddings => word_embeddings.weight;

    internal Tensor Forward(Tensor ids, int past)
    {
        using var scope = NewDisposeScope();
        var positions = position_embeddings.weight.narrow(0, past, ids.shape[1]);        // (T, D)
        return LayerNorm.forward(word_embeddings.forward(ids).Plus(positions)).MoveToOuterDisposeScope();
    }
}

/// <summary>A BERT layer: self-attention, then cross-attention to the image. Field names are those of the Hugging Face state dict.</summary>
internal sealed class BlipTextLayer : nn.Module
{
    private readonly BlipTextAttention attention;
    private readonly BlipTextAttention crossattention;
    private readonly BlipTextIntermediate intermediate;
    private readonly BlipTextOutput output;

    internal BlipTextLayer(BlipTextConfig config, long imageSize) : base(nameof(BlipTextLayer))
    {
        attention = new(config, config.HiddenSize);
        crossattention = new(config, imageSize);
        intermediate = new(config);
        output = new(config, config.IntermediateSize);
        RegisterComponents();
    }

    /// <summary>Projects the image tokens [N, P, image size] to keys and values of this layer's cross-attention.</summary>
    internal (Tensor Keys, Tensor Values) ProjectImage(Tensor image) => crossattention.Project(image);

    /// <summary>Runs new tokens [rows, T, D]; T above 1 requires an empty cache.</summary>
    internal Tensor Decode(Tensor hidden, BlipLayerCache cache)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = attention.Project(hidden);
        (keys, values) = cache.Append(keys, values);
        var toText = attention.Attend(hidden, keys, values, causal: hidden.shape[1] > 1);
        var toImage = crossattention.Attend(toText, cache.ImageKeys, cache.ImageValues);
        return output.Combine(intermediate.forward(toImage), toImage).MoveToOuterDisposeScope();
    }

    /// <summary>Runs complete texts [rows, T, D]; see <see cref="BlipTextModel.Encode"/>.</summary>
    /// <param name="hidden">[rows, T, D].</param>
    /// <param name="seen">[rows, 1, 1, T].</param>
    /// <param name="image">[images, S, image size]; null = text only.</param>
    internal Tensor Encode(Tensor hidden, Tensor seen, Tensor? image)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = attention.Project(hidden);
        var attended = attention.Attend(hidden, keys, values, mask: seen);
        if (image is not null)
        {
            (keys, values) = crossattention.Project(image);
            attended = crossattention.Attend(attended, keys, values);
        }
        return output.Combine(intermediate.forward(attended), attended).MoveToOuterDisposeScope();
    }

    private sealed class BlipTextIntermediate : nn.Module<Tensor, Tensor>
    {
        private readonly Linear dense;

        internal BlipTextIntermediate(BlipTextConfig config) : base(nameof(BlipTextIntermediate))
        {
            dense = new(config.HiddenSize, config.IntermediateSize);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden)
        {
            using var scope = NewDisposeScope();
            return nn.functional.gelu(dense.forward(hidden)).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>
/// BERT's attention with its output layer: self-attention, or cross-attention to an image. Field names are those of the Hugging Face state dict.
/// </summary>
internal sealed class BlipTextAttention : nn.Module
{
    private readonly BlipTextProjections self;
    private readonly BlipTextOutput output;

    /// <param name="config">Sizes of the text side.</param>
    /// <param name="sourceSize">Width of the states that are attended to.</param>
    internal BlipTextAttention(BlipTextConfig config, long sourceSize) : base(nameof(BlipTextAttention))
    {
        self = new(config, sourceSize);
        output = new(config, config.HiddenSize);
        RegisterComponents();
    }

    /// <summary>Projects states [N, S, source size] to keys and values [N, nh, S, hs].</summary>
    internal (Tensor Keys, Tensor Values) Project(Tensor source) => (self.Keys(source), self.Values(source));

    /// <summary>
    /// Attends from [rows, T, D] to keys and values of N images or rows. Rows are ordered by image, and the rows of an image share its keys, as
    /// if they were positions of one text.
    /// </summary>
    /// <param name="hidden">[rows, T, D].</param>
    /// <param name="keys">[N, nh, S, hs].</param>
    /// <param name="values">[N, nh, S, hs].</param>
    /// <param name="causal">Whether a position attends only to itself and earlier ones.</param>
    /// <param name="mask">True where a key is attended to, broadcast to [N, nh, rows/N · T, S]; null = everywhere.</param>
    internal Tensor Attend(Tensor hidden, Tensor keys, Tensor values, bool causal = false, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var query = self.Queries(hidden.reshape(keys.shape[0], -1, hidden.shape[2]));                           // (N, nh, rows/N * T, hs)
        var attended = nn.functional.scaled_dot_product_attention(query, keys, values, mask, is_casual: causal);    // (N, nh, rows/N * T, hs)
        return output.Combine(Attention.MergeHeads(attended, hidden.shape), hidden).MoveToOuterDisposeScope();
    }

    private sealed class BlipTextProjections : nn.Module
    {
        private readonly long _heads;
        private readonly Linear query;
        private readonly Linear key;
        private readonly Linear value;

        internal BlipTextProjections(BlipTextConfig config, long sourceSize) : base(nameof(BlipTextProjections))
        {
            _heads = config.Heads;
            query = new(config.HiddenSize, config.HiddenSize);
            key = new(sourceSize, config.HiddenSize);
            value = new(sourceSize, config.HiddenSize);
            RegisterComponents();
        }

        internal Tensor Queries(Tensor hidden) => Attention.SplitHeads(query.forward(hidden), _heads);

        internal Tensor Keys(Tensor source) => Attention.SplitHeads(key.forward(source), _heads);

        internal Tensor Values(Tensor source) => Attention.SplitHeads(value.forward(source), _heads);
    }
}

/// <summary>A linear layer, the residual connection, and the norm behind it. Field names are those of the Hugging Face state dict.</summary>
internal sealed class BlipTextOutput : nn.Module
{
    private readonly Linear dense;
    private readonly LayerNorm LayerNorm;

    internal BlipTextOutput(BlipTextConfig config, long inputs) : base(nameof(BlipTextOutput))
    {
        dense = new(inputs, config.HiddenSize);
        LayerNorm = new(config.HiddenSize, config.LayerNormEpsilon);
        RegisterComponents();
    }

    internal Tensor Combine(Tensor hidden, Tensor residual)
    {
        using var scope = NewDisposeScope();
        return LayerNorm.forward(dense.forward(hidden).Plus(residual)).MoveToOuterDisposeScope();
    }
}
