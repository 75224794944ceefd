namespace VideoCaptionRetrieval.Models.ClipCap;

/// <summary>What turns an image embedding into GPT-2's prefix.</summary>
internal enum ClipCapMapperKind
{
    /// <summary>One linear layer.</summary>
    Linear,

    /// <summary>Two linear layers with tanh between them.</summary>
    Mlp,

    /// <summary>A transformer over the projected embedding and learned constants.</summary>
    Transformer,
}
