namespace VideoCaptionRetrieval.Torch.DualEncoders;

/// <summary>About how much memory a transformer keeps of an item between its forward and its backward pass.</summary>
internal static class ActivationEstimate
{
    /// <summary>
    /// Numbers of width W that a layer keeps of each token: both norms 2, attention's input, queries, keys, values and output 5, the
    /// feed-forward part's input, 4 W before and after its activation, and its output 10, sums 2: 19, and as much again for what an allocator
    /// holds ready. ViT-B/16 took 0.16 GiB an image on a CPU and 0.27 on a GPU, all in all (bench/README.md); this gives 0.30.
    /// </summary>
    private const double PerToken = 2 * 19;

    /// <summary>Attention weights before and after softmax.</summary>
    private const double AttentionMaps = 2;

    /// <summary>Bytes of an item in float32.</summary>
    /// <param name="tokens">T.</param>
    /// <param name="width">W.</param>
    /// <param name="layers">Layers.</param>
    /// <param name="heads">Attention heads.</param>
    internal static long Bytes(int tokens, int width, int layers, int heads) =>
        (long)(sizeof(float) * (double)layers * tokens * ((PerToken * width) + (AttentionMaps * heads * tokens)));
}
