using System.Text.Json.Nodes;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>A table of a plan.</summary>
internal sealed class PlannedTable
{
    internal const string NameProperty = "name";

    /// <summary>Its heading.</summary>
    public string Title { get; init; } = "";

    /// <summary>How frames are pooled in the tests.</summary>
    public FramePooling Pooling { get; init; } = FramePooling.QueryScoring;

    /// <summary>A name and properties of a condition each.</summary>
    public IReadOnlyList<JsonObject> Rows { get; init; } = [[]];

    /// <summary>Lists of values by property: every row is run with every combination.</summary>
    public Dictionary<string, JsonArray> Grid { get; init; } = [];

    internal static string NameOf(JsonObject row) => row[NameProperty]?.GetValue<string>() ?? "";
}
