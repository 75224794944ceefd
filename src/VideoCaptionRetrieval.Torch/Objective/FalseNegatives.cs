namespace VideoCaptionRetrieval;

/// <summary>
/// What happens to pairs of a batch that belong together although they are not of one item. A masked pair leaves the denominators of both
/// directions of the loss, and is no negative of image-text matching.
/// </summary>
public enum FalseNegatives
{
    /// <summary>Every other item of the batch is a negative (the paper to the letter).</summary>
    Keep,

    /// <summary>Parts of one video file are no negatives of each other. Without effect where every item has a file of its own.</summary>
    MaskSameFile,

    /// <summary>Neither are items that share a caption in this step, whatever their files.</summary>
    MaskSameFileAndCaption,
}
