using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>
/// BERT attention with its output layer, to the text itself or to the image. Field names are those of the Hugging Face state dict.
/// </summary>
internal sealed class BlipTextAttention : nn.Module
{
    private readonly BlipTextProjections self;
    private readonly BlipTextOutput output;

    /// <param name="config">The text decoder's sizes.</param>
    /// <param name="sourceSize">Size of the vectors that are attended to.</param>
    internal BlipTextAttention(BlipTextConfig config, long sourceSize) : base(nameof(BlipTextAttention))
    {
        self = new(config, sourceSize);
        output = new(config, config.HiddenSize);
        RegisterComponents();
    }

    /// <summary>Keys and values of [N, S, source size]: two times [N, nh, S, hs].</summary>
    internal (Tensor Keys, Tensor Values) Project(Tensor source) => (self.Keys(source), self.Values(source));

    /// <summary>
    /// Attends from [rows, T, D] to keys and values of N images or rows; rows lie image by image, and the rows of an image read the same
    /// keys, as if they were positions of one text.
    /// </summary>
    /// <param name="hidden">[rows, T, D].</param>
    /// <param name="keys">[N, nh, S, hs].</param>
    /// <param name="values">[N, nh, S, hs].</param>
    /// <param name="causal">Whether a position sees only itself and those before it.</param>
    /// <param name="mask">True where a key is seen, in a shape that extends to [N, nh, rows/N · T, S]; null = all are.</param>
    internal Tensor Attend(Tensor hidden, Tensor keys, Tensor values, bool causal = false, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var query = self.Queries(hidden.reshape(keys.shape[0], -1, hidden.shape[2]));                           // (N, nh, rows/N * T, hs)
        var attended = nn.functional.scaled_dot_product_attention(query, keys, values, mask, is_casual: causal);    // (N, nh, rows/N * T, hs)
        return output.Combine(attended.transpose(1, 2).reshape(hidden.shape), hidden).MoveToOuterDisposeScope();
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

        internal Tensor Queries(Tensor hidden) => Heads(query.forward(hidden));

        internal Tensor Keys(Tensor source) => Heads(key.forward(source));

        internal Tensor Values(Tensor source) => Heads(value.forward(source));

        private Tensor Heads(Tensor projected) =>
            projected.view(projected.shape[0], projected.shape[1], _heads, -1).transpose(1, 2);                 // (N, nh, S, hs)
    }
}
