namespace VideoCaptionRetrieval.TestSupport.Hub;

/// <summary>A request as the test's hub saw it.</summary>
public sealed record HubRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The header "Range"; null where the whole is asked for.</summary>
    public string? Range => Headers.GetValueOrDefault("Range");

    public string? Authorization => Headers.GetValueOrDefault("Authorization");
}
