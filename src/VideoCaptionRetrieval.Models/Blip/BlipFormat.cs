namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Layouts of published BLIP checkpoints.</summary>
internal enum BlipFormat
{
    /// <summary>Hugging Face: config.json and 'vision_model.…'.</summary>
    HuggingFace,

    /// <summary>The authors' .pth: 'visual_encoder.…', with med_config.json or nothing beside it.</summary>
    Original,
}
