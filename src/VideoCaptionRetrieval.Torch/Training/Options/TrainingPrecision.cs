namespace VideoCaptionRetrieval;

/// <summary>The precision in which the towers compute during training. Weights, similarities and the loss are always in 32 bits.</summary>
public enum TrainingPrecision
{
    /// <summary>32 bits.</summary>
    Full,

    /// <summary>Products in bfloat16 (autocast): the range of 32 bits with 8 bits of precision. On Linux.</summary>
    BFloat16,

    /// <summary>Products in float16 (autocast) with a scale on the gradients that follows them. On a CUDA device, on Linux.</summary>
    Half,
}
