namespace VideoCaptionRetrieval.Models.Captioners;

/// <summary>Kinds of captioners that a folder may hold.</summary>
internal enum CaptionerModelKind
{
    /// <summary>BLIP, in Hugging Face layout or the authors'.</summary>
    Blip,

    /// <summary>ClipCap: a mapper and GPT-2 behind a CLIP.</summary>
    ClipCap,

    /// <summary>A vision-encoder-decoder, exported to ONNX.</summary>
    EncoderDecoder,
}
