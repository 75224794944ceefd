namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>What a model is trained on.</summary>
internal enum CaptionOrigin
{
    /// <summary>Captions that captioners write of the training videos: the method.</summary>
    Captioners,

    /// <summary>The same, each video with those of another one: a control, which must collapse.</summary>
    Shuffled,

    /// <summary>What people say of the training videos: the upper bound.</summary>
    Truth,

    /// <summary>Captions of captioners, and then what people say, with the same settings again.</summary>
    CaptionersThenTruth,

    /// <summary>The still images that the captioners learned from, and their captions; no video.</summary>
    Stills,

    /// <summary>Nothing: the model as it comes.</summary>
    Nothing,
}
