using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>A small service with OpenAI's chat interface: it says how many bytes each picture has, after failing so often as it is told.</summary>
internal sealed class ChatServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private int _failures;

    internal ChatServer(int failures = 0, int status = 429)
    {
        _failures = failures;
        for (var port = 49_152 + (Environment.ProcessId % 10_000); ; port++)
        {
            Address = $"http://127.0.0.1:{port}/v1";
            try
            {
                _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (port < 65_000)
            {
                _listener.Prefixes.Clear();
            }
        }
        _ = Task.Run(() => ServeAsync(status));
    }

    internal string Address { get; }

    /// <summary>Bodies of the questions.</summary>
    internal ConcurrentQueue<JsonElement> Questions { get; } = [];

    /// <summary>Values of the header Authorization.</summary>
    internal ConcurrentQueue<string> Keys { get; } = [];

    public void Dispose() => _listener.Close();

    private async Task ServeAsync(int status)
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            using var document = await JsonDocument.ParseAsync(context.Request.InputStream);
            Questions.Enqueue(document.RootElement.Clone());
            Keys.Enqueue(context.Request.Headers["Authorization"] ?? "");
            var fails = Interlocked.Decrement(ref _failures) >= 0;
            context.Response.StatusCode = fails ? status : context.Request.Url!.AbsolutePath == "/v1/chat/completions" ? 200 : 404;
            context.Response.ContentType = "application/json";
            await using var output = context.Response.OutputStream;
            await JsonSerializer.SerializeAsync(output, fails ? new { error = new { message = "too busy" } } : Answer(document.RootElement));
        }
    }

    private static object Answer(JsonElement question)
    {
        var image = question.GetProperty("messages")[0].GetProperty("content").EnumerateArray()
            .Single(part => part.GetProperty("type").GetString() == "image_url").GetProperty("image_url").GetProperty("url").GetString()!;
        Assert.StartsWith("data:image/jpeg;base64,", image, StringComparison.Ordinal);
        return new
        {
            id = "1",
            @object = "chat.completion",
            created = 1_700_000_000,
            model = question.GetProperty("model").GetString(),
            choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = $"a picture of {image.Length} letters" } } },
            usage = new { prompt_tokens = 1, completion_tokens = 1, total_tokens = 2 },
        };
    }
}
