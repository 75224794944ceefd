using Microsoft.ML.Data;

namespace QuickStart;

/// <summary>What the captioner and the filter left of a video.</summary>
internal sealed class CaptionedVideo
{
    public string VideoId { get; set; } = "";

    public string[] Captions { get; set; } = [];

    [ColumnName("Captions.Scores")]
    public float[] Scores { get; set; } = [];
}
