using System.Net;
using System.Net.Http.Headers;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>
/// Sends HTTP requests to a hub and follows its redirects. HttpClient does not follow them, because the token must not leave the hub's host, and
/// the hub's own headers are read on the way. Thread-safe.
/// </summary>
public sealed class HubClient : IDisposable
{
    private const int MaxRedirects = 10;

    private readonly HttpClient _http;
    private readonly HubOptions _options;

    /// <summary>Creates a client; it is the caller's to dispose.</summary>
    public HubClient(HubOptions options)
    {
        _options = options;
        Endpoint = Parse(options.Endpoint);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.Stall,
            UseCookies = false,
            UseProxy = !Endpoint.IsLoopback,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Address of the hub, ending with '/'.</summary>
    internal Uri Endpoint { get; }

    /// <summary>Sends a request and follows redirects.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="address">Address of the first request.</param>
    /// <param name="prepare">Adds headers to each request.</param>
    /// <param name="inspect">Receives each answer of the address' own host; false returns that answer.</param>
    /// <param name="cancellation">Cancels at once.</param>
    /// <returns>The answer with its headers; the caller disposes it.</returns>
    /// <exception cref="TransientFault">No answer came.</exception>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri address, Action<HttpRequestMessage>? prepare, Func<HttpResponseMessage, bool>? inspect,
        CancellationToken cancellation)
    {
        var origin = address;
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendOnceAsync(method, address, prepare, cancellation);
            try
            {
                var isOrigin = SameHost(address, origin);
                if ((isOrigin && inspect?.Invoke(response) == false) || Redirection(response) is not { } next) return response;
                if (redirects == MaxRedirects)
                    throw new HubException($"{Retrying.Display(origin)}: redirected {redirects} times; given up.");
                address = Next(address, next);
            }
            catch
            {
                response.Dispose();
                throw;
            }
            response.Dispose();
        }
    }

    /// <summary>Reads a header of an answer; null where it is missing.</summary>
    internal static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method, Uri address, Action<HttpRequestMessage>? prepare, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("vcr", typeof(HubClient).Assembly.GetName().Version!.ToString()));
        request.Headers.AcceptEncoding.Add(new("identity"));
        if (_options.Token is { } token && SameHost(address, Endpoint)) request.Headers.Authorization = new("Bearer", token);
        prepare?.Invoke(request);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_options.Stall);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(address, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientFault(Invariant($"no answer in {_options.Stall.TotalSeconds:0} s"), innerException: e);
        }
    }

    private static Exception Unreachable(Uri address, HttpRequestException fault) => fault.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError =>
            new HubException($"'{address.Host}' cannot be reached: {(fault.InnerException ?? fault).Message}. Check the network; "
            + $"--endpoint URL or {HubOptions.EndpointVariable} names a mirror.", fault),
        _ => new TransientFault($"the connection failed ({(fault.InnerException ?? fault).Message})", innerException: fault),
    };

    private static Uri? Redirection(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 ? response.Headers.Location : null;

    private static Uri Next(Uri from, Uri location)
    {
        var next = new Uri(from, location);
        var weaker = from.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps;
        return !weaker && IsHttp(next)
            ? next
            : throw new HubException(
                $"{Retrying.Display(from)}: redirects to '{next.Scheme}://{next.Host}', which is refused; expected https.");
    }

    private static bool SameHost(Uri a, Uri b) =>
        a.Scheme == b.Scheme && a.Port == b.Port && a.IdnHost.Equals(b.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static bool IsHttp(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp;

    private static Uri Parse(string endpoint) =>
        Uri.TryCreate(endpoint.TrimEnd('/') + "/", UriKind.Absolute, out var address)
        && IsHttp(address) && address.Query.Length == 0 && address.UserInfo.Length == 0
            ? address
            : throw new HubException($"The hub's address is '{endpoint}'; expected an address such as {HubOptions.PublicEndpoint}.");
}
