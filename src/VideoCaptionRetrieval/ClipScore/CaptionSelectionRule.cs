using System.Text.Json.Serialization;

namespace VideoCaptionRetrieval;

/// <summary>Selects which captions of a video are kept.</summary>
public enum CaptionSelectionRule
{
    /// <summary>The best K of each captioner by CLIPScore: the paper's choice, since the scores of different captioners are not comparable.</summary>
    TopPerCaptioner,

    /// <summary>The best K over all captioners.</summary>
    [JsonStringEnumMemberName("top-joint")]
    TopOverall,

    /// <summary>The caption of the middle frame of each captioner, whatever its score.</summary>
    MiddleFrame,

    /// <summary>K random captions of each captioner, whatever their scores: the baseline for selection by score.</summary>
    Random,
}
