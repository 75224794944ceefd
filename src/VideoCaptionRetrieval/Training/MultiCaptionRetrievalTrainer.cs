namespace VideoCaptionRetrieval.Training;

/// <summary>stub</summary>
public sealed class MultiCaptionRetrievalTrainer { }
