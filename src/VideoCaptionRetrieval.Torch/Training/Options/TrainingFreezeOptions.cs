namespace VideoCaptionRetrieval;

/// <summary>Which parts of the network keep their weights in <see cref="MultiCaptionRetrievalTrainer"/>. By default none.</summary>
public sealed class TrainingFreezeOptions
{
    internal TrainingFreezeOptions()
    {
    }

    /// <summary>Whether the vision tower and its projection keep their weights.</summary>
    /// <value>The default value is false.</value>
    public bool Vision { get; set; }

    /// <summary>Whether the text tower, its projection, and BLIP's matching head keep their weights.</summary>
    /// <value>The default value is false.</value>
    public bool Text { get; set; }

    /// <summary>Layers of the vision tower, counted from the input, that keep their weights, and the embeddings with them; at least 0.</summary>
    /// <value>The default value is 0: none, and the embeddings are trained too.</value>
    public int VisionLayers { get; set; }

    /// <summary>Layers of the text tower, counted from the input, that keep their weights, and the embeddings with them; at least 0.</summary>
    /// <value>The default value is 0: none, and the embeddings are trained too.</value>
    public int TextLayers { get; set; }

    /// <summary>
    /// Whether the checkpoint's logit scale keeps its value, where no other one takes its place
    /// (<see cref="TrainingObjectiveOptions.FixedLogitScale"/>).
    /// </summary>
    /// <value>The default value is false.</value>
    public bool LogitScale { get; set; }

    internal TrainingFreezeOptions Copy() => (TrainingFreezeOptions)MemberwiseClone();
}
