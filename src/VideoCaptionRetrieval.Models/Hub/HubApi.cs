using System.Globalization;
using System.Text.Json;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Queries a hub, or the server of a single file, for names, sizes and hashes. Thread-safe.</summary>
internal sealed class HubApi(HubClient client, HubOptions options)
{
    private const int MaxAnswerBytes = 32 << 20;
    private const string LinkedTag = "X-Linked-Etag", LinkedSize = "X-Linked-Size", GoogleHash = "x-goog-hash";

    private readonly Retrying _retrying = new(options);

    /// <summary>Reads the files of a repository at a revision, pinned to its present commit.</summary>
    /// <exception cref="HubException">The repository does not exist, or the hub's answer is not understood.</exception>
    internal async Task<HubSnapshot> ReadAsync(string repository, string revision, CancellationToken cancellation)
    {
        var address = new Uri(client.Endpoint, $"api/models/{repository}/revision/{Uri.EscapeDataString(revision)}?blobs=true");
        var answer = await _retrying.RunAsync(address, _ => GetAsync(address, repository, cancellation), cancellation);
        try
        {
            using var json = JsonDocument.Parse(answer);
            var commit = json.RootElement.GetProperty("sha").GetString() ?? "";
            if (commit.Length is < 40 or > 64 || !commit.All(char.IsAsciiHexDigitLower))
                throw new FormatException($"the commit is '{commit}'");
            var files = json.RootElement.GetProperty("siblings").EnumerateArray();
            return new(repository, revision, commit, [.. files.Select(file => File(repository, commit, file))]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new HubException(
                $"{Retrying.Display(address)}: the answer is not that of a hub ({e.Message}); expected JSON with 'sha' and 'siblings'.", e);
        }
    }

    /// <summary>Completes a file's size and hash, asking its server where they are unknown.</summary>
    /// <exception cref="HubException">The server does not tell the size.</exception>
    internal async Task<HubFile> DescribeAsync(string source, HubFile file, CancellationToken cancellation)
    {
        if (file.Size is not null && file.Hash is not null) return file;
        var described = await _retrying.RunAsync(file.Address, _ => HeadAsync(source, file, cancellation), cancellation);
        return described.Size is not null
            ? described
            : throw new HubException(
                $"{Retrying.Display(file.Address)}: the server does not say how long the file is; use another mirror.");
    }

    private HubFile File(string repository, string commit, JsonElement entry)
    {
        var name = entry.GetProperty("rfilename").GetString() ?? "";
        var path = string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
        var size = entry.TryGetProperty("size", out var bytes) && bytes.ValueKind == JsonValueKind.Number ? bytes.GetInt64() : (long?)null;
        return new(name, new(client.Endpoint, $"{repository}/resolve/{commit}/{path}"), size is < 0 ? null : size, Hash(entry));
    }

    private static ContentHash? Hash(JsonElement entry)
    {
        // For a file in large-file storage, 'blobId' names the pointer, not the content.
        if (entry.TryGetProperty("lfs", out var large) && large.ValueKind == JsonValueKind.Object)
            return large.TryGetProperty("sha256", out var sha256) ? ContentHash.FromTag(sha256.GetString()) : null;
        return entry.TryGetProperty("blobId", out var blob) ? ContentHash.FromTag(blob.GetString()) : null;
    }

    private async Task<byte[]> GetAsync(Uri address, string repository, CancellationToken cancellation)
    {
        using var response = await client.SendAsync(HttpMethod.Get, address, null, null, cancellation);
        if (!response.IsSuccessStatusCode) throw HubStatus.Fault(response, repository);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.Stall);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, patience.Token);
            return await response.Content.ReadAsByteArrayAsync(patience.Token);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested
            && e is HttpRequestException or IOException or OperationCanceledException)
        {
            throw new TransientFault($"the answer broke off ({e.Message})", innerException: e);
        }
    }

    private async Task<HubFile> HeadAsync(string source, HubFile file, CancellationToken cancellation)
    {
        // The hub answers with its own headers and a redirect to storage, whose signed address may refuse HEAD.
        using var response = await client.SendAsync(
            HttpMethod.Head, file.Address, null, answer => HubClient.Header(answer, LinkedTag) is null, cancellation);
        var linked = HubClient.Header(response, LinkedTag);
        if (linked is null && !response.IsSuccessStatusCode) throw HubStatus.Fault(response, source);
        var size = file.Size ?? (long.TryParse(HubClient.Header(response, LinkedSize), CultureInfo.InvariantCulture, out var bytes) ? bytes
            : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength : null);
        var tag = response.Headers.ETag is { IsWeak: false } strong ? strong.Tag : null;
        return file with { Size = size, Hash = file.Hash ?? ContentHash.FromTag(linked ?? tag) ?? GoogleMd5(response), Tag = tag };
    }

    private static ContentHash? GoogleMd5(HttpResponseMessage response)
    {
        var values = response.Headers.TryGetValues(GoogleHash, out var found) ? found : [];
        var md5 = values.SelectMany(value => value.Split(',')).Select(value => value.Trim())
            .FirstOrDefault(value => value.StartsWith("md5=", StringComparison.Ordinal));
        Span<byte> bytes = stackalloc byte[16];
        return md5 is not null && Convert.TryFromBase64String(md5[4..], bytes, out var length) && length == bytes.Length
            ? new(HashKind.Md5, Convert.ToHexStringLower(bytes))
            : null;
    }
}
