
namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Where a bootstrap takes its chance from.</summary>
internal interface IResampling
{
    /// <summary>The number of resamples.</summary>
    int Count { get; }

    /// <summary>Draws the queries of one resample, with repeats: indices in [0, indices.Length).</summary>
    void Draw(int resample, Span<int> indices);

    /// <summary>Draws a sign, −1 or 1, for each query.</summary>
    void DrawSigns(int resample, Span<sbyte> signs);
}
