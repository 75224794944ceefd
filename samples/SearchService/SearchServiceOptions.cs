using System.ComponentModel.DataAnnotations;

namespace SearchService;

/// <summary>Settings, and bounds of a request.</summary>
internal sealed class SearchServiceOptions
{
    internal const string Section = "VideoSearch";

    internal const int DefaultHits = 10, MostHits = 100, LongestText = 1000;

    /// <summary>The saved model's file; a relative path is seen from the content root.</summary>
    [Required]
    public string Model { get; set; } = "";

    /// <summary>The index' folder, made with that model; a relative path is seen from the content root.</summary>
    [Required]
    public string Index { get; set; } = "";
}
