using System.Globalization;
#pragma warning disable CA5350 // SHA-1: what the hub announces.
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VideoCaptionRetrieval.TestSupport.Hub;

/// <summary>A server on this machine that plays the hub, or its storage, and misbehaves as it is told.</summary>
public sealed class LocalHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    public const string Repository = "owner/clip";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<HubRequest> _requests = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<HubFault>> _faults = new();

    public LocalHub()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The one repository that it holds.</summary>
    public string Name { get; set; } = Repository;

    /// <summary>Files by their names; those of <see cref="Large"/> are announced by SHA-256, the others by git's name.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Large { get; } = new(StringComparer.Ordinal);

    /// <summary>What is announced instead of the right hash.</summary>
    public Dictionary<string, string> AnnouncedHash { get; } = new(StringComparer.Ordinal);

    /// <summary>Where large files are redirected to; null = they are sent from here.</summary>
    public string? Storage { get; set; }

    /// <summary>Whether the listing leaves sizes and hashes out, as a mirror may.</summary>
    public bool ListsNamesOnly { get; set; }

    /// <summary>The answer to the question what a repository holds, where it is not the listing: "404 Not Found".</summary>
    public string? ListingStatus { get; set; }

    /// <summary>Headers of that answer.</summary>
    public string ListingHeaders { get; set; } = "";

    /// <summary>Headers of files in place of the hub's own.</summary>
    public string? FileHeaders { get; set; }

    public IReadOnlyList<HubRequest> Requests => [.. _requests];

    /// <summary>Requests for the content of one file.</summary>
    public IReadOnlyList<HubRequest> RequestsFor(string name) =>
        [.. Requests.Where(request => request.Method == "GET" && request.Target.EndsWith(name, StringComparison.Ordinal))];

    /// <summary>What goes wrong with the next requests for a file.</summary>
    public void Fail(string name, params HubFault[] faults) => _faults[name] = new(faults);

    /// <summary>Adds the files of a small checkpoint: config.json and weights of <paramref name="bytes"/> random bytes.</summary>
    public byte[] AddCheckpoint(int bytes = 300_000, string weights = "model.safetensors")
    {
        var content = new byte[bytes];
        new Random(7).NextBytes(content);
        Files["config.json"] = "{}\n"u8.ToArray();
        Files[weights] = content;
        Large.Add(weights);
        return content;
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = AnswerAsync(await _listener.AcceptSocketAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await using var stream = new NetworkStream(socket);
                if (await ReadAsync(stream) is not { } request) return;
                _requests.Enqueue(request);
                await AnswerAsync(stream, request);
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client is gone.
            }
        }
    }

    private static async Task<HubRequest?> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0) return null;
            text.Append((char)one[0]);
        }
        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines[1..].Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        return new(first[0], first[1], headers);
    }

    private Task AnswerAsync(NetworkStream stream, HubRequest request)
    {
        if (request.Target.StartsWith("/api/models/", StringComparison.Ordinal))
        {
            return ListingStatus is { } status ? SendAsync(stream, status, ListingHeaders, []) : SendAsync(stream, "200 OK", "", Listing());
        }
        var path = Uri.UnescapeDataString(request.Target.Split('?')[0]);
        var name = Files.Keys.Where(name => path.EndsWith("/" + name, StringComparison.Ordinal)).MaxBy(name => name.Length);
        if (name is null) return SendAsync(stream, "404 Not Found", "X-Error-Message: Entry not found\r\n", []);
        var fault = request.Method == "GET" && _faults.TryGetValue(name, out var faults) && faults.TryDequeue(out var next)
            ? next : HubFault.None;
        return SendFileAsync(stream, request, name, fault);
    }

    private byte[] Listing() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        id = Name,
        sha = Commit,
        siblings = Files.Select(file => ListsNamesOnly ? (object)new { rfilename = file.Key }
            : Large.Contains(file.Key) ? new
            {
                rfilename = file.Key,
                size = file.Value.Length,
                blobId = new string('a', 40),
                lfs = new { sha256 = Hash(file.Key), size = file.Value.Length, pointerSize = 134 },
            }
            : new { rfilename = file.Key, size = file.Value.Length, blobId = Hash(file.Key) }),
    });

    private string Hash(string name) => AnnouncedHash.GetValueOrDefault(name) ?? (Large.Contains(name)
        ? Convert.ToHexStringLower(SHA256.HashData(Files[name]))
        : Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {Files[name].Length}\0"), .. Files[name]])));

    private async Task SendFileAsync(NetworkStream stream, HubRequest request, string name, HubFault fault)
    {
        var content = Files[name];
        var own = $"X-Repo-Commit: {Commit}\r\n";
        if (Large.Contains(name)) own += $"X-Linked-Etag: \"{Hash(name)}\"\r\nX-Linked-Size: {content.Length}\r\n";
        else own += $"ETag: \"{Hash(name)}\"\r\n";
        own = FileHeaders ?? own;
        if (fault == HubFault.Closes) return;
        if (fault == HubFault.TooMany)
        {
            await SendAsync(stream, "429 Too Many Requests", "Retry-After: 7\r\n", []);
            return;
        }
        if (fault == HubFault.Unavailable)
        {
            await SendAsync(stream, "503 Service Unavailable", "", []);
            return;
        }
        if (Large.Contains(name) && Storage is { } storage && request.Target.Contains("/resolve/", StringComparison.Ordinal))
        {
            await SendAsync(stream, "302 Found", $"{own}Location: {storage}/blobs/{name}?Signature=secret\r\n", []);
            return;
        }
        if (fault == HubFault.WrongContent) content = [.. content[..^1], (byte)(content[^1] ^ 1)];
        if (fault == HubFault.WrongLength) content = content[..^1];
        var from = request.Range is { } range && fault != HubFault.IgnoresRange ? int.Parse(range.Split('=', '-')[1], CultureInfo.InvariantCulture) : 0;
        if (fault == HubFault.OtherRange) from = Math.Max(0, from - 1);
        if (from > 0 && (fault == HubFault.RefusesRange || from >= content.Length))
        {
            await SendAsync(stream, "416 Range Not Satisfiable", "", []);
            return;
        }
        var status = from > 0 ? "206 Partial Content" : "200 OK";
        if (from > 0) own += $"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}\r\n";
        await SendAsync(stream, status, own, request.Method == "HEAD" ? null : content[from..], fault, content.Length - from);
    }

    private async Task SendAsync(
        NetworkStream stream, string status, string headers, byte[]? body, HubFault fault = HubFault.None, int? length = null)
    {
        var head = $"HTTP/1.1 {status}\r\n{headers}Content-Length: {length ?? body?.Length ?? 0}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        if (body is null) return;
        var broken = fault is HubFault.BreaksOff or HubFault.Stalls;
        await stream.WriteAsync(broken ? body.AsMemory(0, body.Length / 2) : body);
        await stream.FlushAsync();
        if (fault == HubFault.Stalls) await Task.Delay(Timeout.Infinite, _end.Token);
    }
}
