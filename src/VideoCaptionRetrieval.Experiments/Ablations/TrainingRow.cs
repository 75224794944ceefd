namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>A row for ML.NET: a video and the captions that it is trained with.</summary>
internal sealed class TrainingRow
{
    /// <summary>The video's name.</summary>
    public string VideoId { get; set; } = "";

    /// <summary>Its file.</summary>
    public string VideoPath { get; set; } = "";

    /// <summary>Captions [L].</summary>
    public string[] Captions { get; set; } = [];
}
