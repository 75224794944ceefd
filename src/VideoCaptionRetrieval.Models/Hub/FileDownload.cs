using System.Net;
using System.Net.Http.Headers;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>
/// Fetches one file into its part file, continuing where an earlier run ended, and checks the whole content. For one use; not thread-safe.
/// </summary>
internal sealed class FileDownload(HubClient client, HubOptions options, HubSnapshot snapshot, HubFile file, string part) : IDisposable
{
    private const int BufferBytes = 1 << 17;
    private const long Forward = 1 << 20;       // this many bytes in one connection count as progress, which resets the count of failures

    private readonly Retrying _retrying = new(options);
    private readonly long _size = file.Size!.Value;
    private ContentHasher _hasher = new(file.Hash?.Kind, file.Size!.Value);

    /// <summary>Called with the size of the part in bytes, and the bytes received since the last call.</summary>
    internal Action<long, int> Advanced { get; init; } = (_, _) => { };

    /// <summary>Fetches what is missing.</summary>
    /// <param name="mayContinue">Whether an existing part belongs to this content.</param>
    /// <param name="cancellation">Cancels at once; the part is kept.</param>
    /// <returns>SHA-256 of the content.</returns>
    /// <exception cref="HubException">The content cannot be fetched, or is not what was announced.</exception>
    internal async Task<string> RunAsync(bool mayContinue, CancellationToken cancellation)
    {
        var continued = mayContinue && File.Exists(part) && new FileInfo(part).Length <= _size;
        if (!continued) File.Delete(part);
        await FillAsync(cancellation);
        if (continued && IsWrong)
        {
            options.Say($"{file.Name}: the part of an earlier run does not fit; fetching the file anew");
            File.Delete(part);
            Restart();
            await FillAsync(cancellation);
        }
        if (!IsWrong) return _hasher.Sha256;
        File.Delete(part);
        throw new HubException($"'{file.Name}' of '{snapshot.Source}': found {_hasher.Found}, expected {file.Hash}. "
            + "What arrived is damaged or was changed on the way, and is deleted; try again, or use another mirror.");
    }

    public void Dispose() => _hasher.Dispose();

    private bool IsWrong => file.Hash is not null && _hasher.Found != file.Hash;

    private void Restart()
    {
        _hasher.Dispose();
        _hasher = new(file.Hash?.Kind, _size);
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        using var stream = new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferBytes, useAsync: true);
        await _hasher.AppendAsync(stream, position => Advanced(position, 0), cancellation);
        var buffer = new byte[BufferBytes];
        if (stream.Length < _size)
        {
            await _retrying.RunAsync(file.Address, async forward =>
            {
                if (stream.Length < _size) await ReceiveAsync(stream, buffer, forward, cancellation);
                return true;
            }, cancellation);
        }
        stream.Flush(flushToDisk: true);
    }

    private async Task ReceiveAsync(FileStream stream, byte[] buffer, Action forward, CancellationToken cancellation)
    {
        var from = stream.Length;
        using var response = await client.SendAsync(HttpMethod.Get, file.Address, request => AskFor(request, from), Inspect, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            Empty(stream);
            throw new TransientFault($"the server has nothing from byte {from} on");
        }
        if (!response.IsSuccessStatusCode) throw HubStatus.Fault(response, snapshot.Source);
        var range = response.Content.Headers.ContentRange;
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            if (from > 0) Empty(stream);
            RequireLength(response.Content.Headers.ContentLength);
        }
        else if (range?.From != from || (range.Length is { } whole && whole != _size))
        {
            Empty(stream);
            throw new TransientFault($"asked for bytes from {from} of {_size}, the server sends '{range}'");
        }
        await CopyAsync(response, stream, buffer, forward, cancellation);
    }

    private void AskFor(HttpRequestMessage request, long from)
    {
        if (from == 0) return;
        request.Headers.Range = new(from, null);
        // A hash of the content is a better condition than a tag: storage behind a hub has tags of its own.
        if (file.Hash is null && file.Tag is { } tag) request.Headers.IfRange = new RangeConditionHeaderValue(tag);
    }

    /// <summary>Checks that the hub still announces the same commit, size and hash for the file.</summary>
    private bool Inspect(HttpResponseMessage response)
    {
        if (HubClient.Header(response, "X-Repo-Commit") is { } commit && snapshot.Commit is { } pinned && commit != pinned)
            throw Changed("commit", commit, pinned);
        if (HubClient.Header(response, "X-Linked-Size") is { } size && size != $"{_size}") throw Changed("size", size, $"{_size}");
        var hash = ContentHash.FromTag(HubClient.Header(response, "X-Linked-Etag"));
        if (hash is not null && hash.Kind == file.Hash?.Kind && hash != file.Hash)
            throw Changed("content", $"{hash}", $"{file.Hash}");
        return true;
    }

    private HubException Changed(string what, string found, string expected) => new(
        $"'{file.Name}' of '{snapshot.Source}': the server announces the {what} {found}, and announced {expected} before; "
        + "try again, or use another mirror.");

    private void RequireLength(long? length)
    {
        if (length is { } sent && sent != _size) throw WrongLength($"{sent}");
    }

    private HubException WrongLength(string sent) =>
        new($"'{file.Name}' of '{snapshot.Source}': the server sends {sent} bytes, expected {_size}; try again, or use another mirror.");

    private async Task CopyAsync(
        HttpResponseMessage response, FileStream stream, byte[] buffer, Action forward, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        for (long received = 0; ;)
        {
            var read = await ReadAsync(body, buffer, cancellation);
            if (read == 0) break;
            if (stream.Length + read > _size)
            {
                Empty(stream);
                throw WrongLength("more");
            }
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellation);
            await stream.FlushAsync(cancellation);
            _hasher.Append(buffer.AsSpan(0, read));
            Advanced(stream.Length, read);
            if ((received += read) >= Forward) forward();
        }
        if (stream.Length < _size) throw new TransientFault($"the connection ended after {stream.Length} of {_size} bytes");
    }

    private async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.Stall);
        try
        {
            return await body.ReadAsync(buffer, patience.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientFault(Invariant($"no byte in {options.Stall.TotalSeconds:0.#} s"), innerException: e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new TransientFault($"the connection broke ({e.Message})", innerException: e);
        }
    }

    private void Empty(FileStream stream)
    {
        stream.SetLength(0);
        Restart();
        Advanced(0, 0);
    }
}
