namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>The layouts in which CLIP checkpoints are published.</summary>
internal enum ClipFormat
{
    /// <summary>Of transformers: config.json, and weights in one file or several.</summary>
    HuggingFace,

    /// <summary>Of open_clip: open_clip_config.json and weights, which a training run may have written.</summary>
    OpenClip,

    /// <summary>Of OpenAI: one file, TorchScript or a state dict, whose tensors tell the sizes.</summary>
    OpenAI,

    /// <summary>config.json and exported graphs without weights of their own: for inference alone.</summary>
    Onnx,
}
