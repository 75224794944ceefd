namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Settings for fetching checkpoints.</summary>
public sealed class HubOptions
{
    /// <summary>Address of the public hub.</summary>
    public const string PublicEndpoint = "https://huggingface.co";

    /// <summary>The variable that names another hub.</summary>
    public const string EndpointVariable = "HF_ENDPOINT";
    internal const string TokenVariable = "HF_TOKEN";

    /// <summary>The variable that forbids the network: 1.</summary>
    public const string OfflineVariable = "VCR_OFFLINE";

    /// <summary>Address of the hub.</summary>
    /// <value>HF_ENDPOINT where it is set, else the public hub.</value>
    public string Endpoint { get; set; } = Variable(EndpointVariable) ?? PublicEndpoint;

    /// <summary>Access token of the user, sent only to the endpoint's host.</summary>
    /// <value>HF_TOKEN where it is set.</value>
    internal string? Token { get; set; } = Variable(TokenVariable);

    /// <summary>Whether the network must not be used: what is not in the cache is an error.</summary>
    /// <value>The default value is true where VCR_OFFLINE is 1.</value>
    public bool Offline { get; set; } = Variable(OfflineVariable) == "1";

    /// <summary>Number of consecutive failures without a received byte after which a request is given up.</summary>
    internal int Attempts { get; set; } = 6;

    /// <summary>Wait after the first failure; it doubles with each further one.</summary>
    internal TimeSpan FirstWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait that a server may ask for with Retry-After.</summary>
    internal TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest time that a connection may stay without a byte.</summary>
    internal TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits; tests replace it.</summary>
    internal Func<TimeSpan, CancellationToken, Task> Wait { get; set; } = Task.Delay;

    /// <summary>Returns the free bytes of a folder's disk; null where the system does not tell.</summary>
    internal Func<string, long?> FreeSpace { get; set; } = FreeBytes;

    /// <summary>Receives human-readable messages: retries, files without a hash.</summary>
    public Action<string> Say { get; set; } = _ => { };

    /// <exception cref="HubException">The network must not be used.</exception>
    public void RequireNetwork(string model)
    {
        if (Offline)
            throw new HubException($"'{model}' is not in the cache, and the network must not be used (--offline or {OfflineVariable}=1). 'vcr models get {model}' fetches it.");
    }

    /// <summary>The same for a request that is not worth many retries: a name that may be a misspelt path.</summary>
    internal HubOptions Impatient()
    {
        var copy = (HubOptions)MemberwiseClone();
        copy.Attempts = Math.Min(2, Attempts);
        return copy;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value.Trim() : null;

    private static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
