using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>Moves between hidden states and the heads of an attention, as views where the memory allows.</summary>
internal static class Attention
{
    /// <summary>Splits [B, T, C] into heads: [B, heads, T, C/heads].</summary>
    internal static Tensor SplitHeads(Tensor x, long heads) => x.view(x.shape[0], x.shape[1], heads, x.shape[2] / heads).transpose(1, 2);

    /// <summary>Splits several projections that one layer computes: [B, T, parts·C] into [parts, B, heads, T, C/heads].</summary>
    internal static Tensor SplitHeads(Tensor x, long parts, long heads) =>
        x.view(x.shape[0], x.shape[1], parts, heads, x.shape[2] / parts / heads).permute(2, 0, 3, 1, 4);

    /// <summary>Joins the heads [B, heads, T, C/heads] again.</summary>
    /// <param name="heads">What the attention gave.</param>
    /// <param name="shape">Shape of the result: [B, T, C], or another with the same last dimension.</param>
    internal static Tensor MergeHeads(Tensor heads, long[] shape) => heads.transpose(1, 2).reshape(shape);
}
