using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>Frame columns for several networks at once.</summary>
internal static class FrameColumns
{
    /// <summary>One column for each form of frames, which all networks of that form share: Frames, Frames2 and so on, by their forms.</summary>
    internal static Dictionary<FrameFormat, FrameColumn> Of(IEnumerable<FrameFormat> formats, int count) => formats.Distinct()
        .Select((format, index) => new FrameColumn(index == 0 ? FrameColumn.DefaultName : $"{FrameColumn.DefaultName}{index + 1}", format, count))
        .ToDictionary(column => column.Format);
}
