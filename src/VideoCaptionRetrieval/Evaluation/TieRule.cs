namespace VideoCaptionRetrieval;

/// <summary>How a candidate with exactly the right one's similarity counts in the rank of the right one.</summary>
public enum TieRule
{
    /// <summary>
    /// One half: the expected rank under a random order of the tied ones. The default. A recall at k counts ranks up to k, so that a tie with one
    /// byte-identical copy, rank 1.5, is a miss at 1; <see cref="ExpectedRecall"/> counts it as one half.
    /// </summary>
    Mid,

    /// <summary>Nothing: the right one comes first.</summary>
    Optimistic,

    /// <summary>One: the right one comes last.</summary>
    Pessimistic,
}
