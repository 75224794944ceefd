using System.Net;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>A checkpoint cannot be fetched; the message says from where, what was found, and what to do.</summary>
public sealed class HubException(string message, Exception? innerException = null) : IOException(message, innerException);

/// <summary>A network fault after which a retry may succeed.</summary>
/// <param name="reason">What happened.</param>
/// <param name="wait">The wait that the server asks for; null = none.</param>
/// <param name="innerException">The cause, if there is one.</param>
internal sealed class TransientFault(string reason, TimeSpan? wait = null, Exception? innerException = null)
    : Exception(reason, innerException)
{
    internal TimeSpan? Wait { get; } = wait;
}

/// <summary>Turns answers that are no success into exceptions.</summary>
internal static class HubStatus
{
    private const int MaxMessage = 300;

    /// <summary>Creates the exception for an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="source">The requested repository or address.</param>
    internal static Exception Fault(HttpResponseMessage response, string source)
    {
        var code = (int)response.StatusCode;
        var said = $"{code} {response.ReasonPhrase}{Message(response)}";
        if (code is 408 or 425 or 429 or >= 500) return new TransientFault($"the server answered {said}", RetryAfter(response));
        var address = Retrying.Display(response.RequestMessage!.RequestUri!);
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new HubException(
                $"{address}: the server refuses ('{said}'). '{source}' does not exist, is private, or asks you to accept terms: "
                + $"open its page in a browser, accept them, and set {HubOptions.TokenVariable} to your access token."),
            HttpStatusCode.NotFound => new HubException(
                $"{address}: nothing is there ('{said}'). Check the name and the revision of '{source}'; {MissingModel.Advice}"),
            _ => new HubException($"{address}: the server answered '{said}'; expected the file."),
        };
    }

    private static string Message(HttpResponseMessage response)
    {
        var message = HubClient.Header(response, "X-Error-Message") ?? HubClient.Header(response, "X-Error-Code");
        return message is null ? "" : $": {new string([.. message.Take(MaxMessage).Where(letter => !char.IsControl(letter))])}";
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - DateTimeOffset.UtcNow);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
