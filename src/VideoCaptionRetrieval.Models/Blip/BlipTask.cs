namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>What a BLIP network does.</summary>
internal enum BlipTask
{
    /// <summary>Writes captions: BlipForConditionalGeneration.</summary>
    Captioning,

    /// <summary>Embeds images and texts, and says whether two of them match: BlipForImageTextRetrieval.</summary>
    Retrieval,
}
