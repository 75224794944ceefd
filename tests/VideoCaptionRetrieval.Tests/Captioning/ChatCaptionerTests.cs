using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.AI;
using VideoCaptionRetrieval.Captioning.Chat;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Tests.Captioning;

public sealed class ChatCaptionerTests
{
    private static readonly FrameFormat Format = new(8, FrameFit.Pad);

    private static ChatCaptionerOptions Options => new() { FrameFormat = Format, RetryDelay = TimeSpan.FromMilliseconds(1), Timeout = TimeSpan.FromSeconds(20) };

    private static byte[] Frames(int count) =>
        [.. Enumerable.Range(0, count).SelectMany(image => Enumerable.Repeat((byte)(image * 20), Format.FrameBytes))];

    [Fact]
    public void Caption_SeveralFrames_OneQuestionEachInOrder()
    {
        using var client = new Model { Answer = brightness => $" \"a frame\n of {brightness}\" " };
        using var captioner = new ChatCaptioner(client, Options);
        Assert.Equal(Format, captioner.FrameFormat);
        Assert.Equal(Enumerable.Range(0, 9).Select(image => $"a frame of {image}"), captioner.Caption(Frames(9), 9));
        Assert.Equal(9, client.Questions.Count);
        Assert.All(client.Questions, question => Assert.Equal(ChatCaptionerOptions.DefaultPrompt, question.Prompt));
        Assert.All(client.Questions, question => Assert.Equal((60, 0f, null), (question.Options.MaxOutputTokens, question.Options.Temperature, question.Options.ModelId)));
        Assert.Empty(captioner.Caption(default, 0));
    }

    [Fact]
    public void Caption_Parallelism_NeverMoreAtOnce()
    {
        using var client = new Model { Delay = TimeSpan.FromMilliseconds(20) };
        var options = Options;
        options.Parallelism = 3;
        using var captioner = new ChatCaptioner(client, options);
        captioner.Caption(Frames(12), 12);
        Assert.InRange(client.MostAtOnce, 2, 3);
    }

    [Fact]
    public void Caption_TransientFailures_AskedAgain()
    {
        using var client = new Model { Failures = new([new HttpRequestException("busy", null, HttpStatusCode.TooManyRequests), new HttpRequestException("down"), new IOException("cut")]) };
        using var captioner = new ChatCaptioner(client, Options);
        Assert.Single(captioner.Caption(Frames(1), 1));
        Assert.Equal(4, client.Questions.Count);
    }

    [Fact]
    public void Caption_FailuresThatStay_GivenUpAfterTheRetries()
    {
        using var client = new Model { Failures = new(Enumerable.Repeat(new HttpRequestException("down"), 100)) };
        var options = Options;
        options.MaxRetries = 2;
        using var captioner = new ChatCaptioner(client, options);
        Assert.Equal("down", Assert.ThrowsAny<HttpRequestException>(() => captioner.Caption(Frames(1), 1)).Message);
        Assert.Equal(3, client.Questions.Count);
    }

    [Fact]
    public void Caption_WrongKey_NotAskedAgain()
    {
        using var client = new Model { Failures = new([new HttpRequestException("no key", null, HttpStatusCode.Unauthorized)]) };
        using var captioner = new ChatCaptioner(client, Options);
        Assert.ThrowsAny<HttpRequestException>(() => captioner.Caption(Frames(1), 1));
        Assert.Single(client.Questions);
    }

    [Fact]
    public void Caption_NoAnswerInTime_TimeoutAndAskedAgain()
    {
        using var client = new Model { Delay = TimeSpan.FromMinutes(1) };
        var options = Options;
        (options.Timeout, options.MaxRetries) = (TimeSpan.FromMilliseconds(30), 1);
        using var captioner = new ChatCaptioner(client, options);
        Assert.Contains("no answer within", Assert.ThrowsAny<TimeoutException>(() => captioner.Caption(Frames(1), 1)).Message);
        Assert.Equal(2, client.Questions.Count);
    }

    [Fact]
    public void Caption_Cancelled_EndsAtOnce()
    {
        using var client = new Model { Delay = TimeSpan.FromMinutes(1) };
        using var captioner = new ChatCaptioner(client, Options);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.ThrowsAny<OperationCanceledException>(() => captioner.Caption(Frames(2), 2, source.Token));
    }

    [Fact]
    public void Caption_RequestsPerMinute_QuestionsAreSpread()
    {
        using var client = new Model();
        var options = Options;
        options.RequestsPerMinute = 600;            // one in 100 ms
        using var captioner = new ChatCaptioner(client, options);
        captioner.Caption(Frames(5), 5);
        var times = client.Questions.Select(question => question.At).Order().ToList();
        Assert.True(times[^1] - times[0] >= TimeSpan.FromMilliseconds(300), Invariant($"{(times[^1] - times[0]).TotalMilliseconds} ms for 5 questions"));
    }

    [Fact]
    public void Identity_ModelPromptAndSettings_ChangeIt()
    {
        string Of(Action<ChatCaptionerOptions> change)
        {
            var options = Options;
            change(options);
            using var client = new Model();
            using var captioner = new ChatCaptioner(client, options);
            return captioner.Identity;
        }
        string[] all =
        [
            Of(_ => { }), Of(options => options.Prompt = "What is this?"), Of(options => options.Model = "other"), Of(options => options.Temperature = 1),
            Of(options => options.MaxOutputTokens = 9), Of(options => options.FrameFormat = new(16)), Of(options => options.JpegQuality = 50),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], Of(options => options.Parallelism = 9));
        Assert.Contains("tests http://localhost/ model=seer", all[0]);
    }

    [Fact]
    public void Chat_OptionsOutOfRange_ListsEveryOne()
    {
        using var client = new Model();
        var options = new ChatCaptionerOptions
        {
            Prompt = " ",
            FrameFormat = new(8, FrameFit.ShortestEdge),
            JpegQuality = 0,
            MaxOutputTokens = 0,
            Temperature = -1,
            Parallelism = 0,
            RequestsPerMinute = 0,
            MaxRetries = -1,
            Timeout = TimeSpan.Zero,
        };
        var message = Assert.Throws<ArgumentException>(() => Captioner.Chat(client, "Frames", options: options)).Message;
        Assert.All(
            ["Prompt", "FrameFormat", "JpegQuality", "MaxOutputTokens", "Temperature", "Parallelism", "RequestsPerMinute", "MaxRetries", "Timeout"],
            (string name) => Assert.Contains(name, message));
    }

    private sealed record Question(string Prompt, ChatOptions Options, DateTime At);

    /// <summary>Sees how bright a frame is, and answers; can wait and fail.</summary>
    private sealed class Model : IChatClient
    {
        private int _atOnce, _mostAtOnce;

        internal ConcurrentQueue<Question> Questions { get; } = [];

        internal ConcurrentQueue<Exception> Failures { get; init; } = [];

        internal TimeSpan Delay { get; init; }

        internal Func<int, string> Answer { get; init; } = brightness => $"{brightness}";

        internal int MostAtOnce => _mostAtOnce;

        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var contents = Assert.Single(messages).Contents;
            Questions.Enqueue(new(Assert.IsType<TextContent>(contents[0]).Text, options!, DateTime.UtcNow));
            var now = Interlocked.Increment(ref _atOnce);
            lock (Questions) _mostAtOnce = Math.Max(_mostAtOnce, now);
            try
            {
                await Task.Delay(Delay, cancellationToken);
                if (Failures.TryDequeue(out var failure)) throw failure;
                return new(new ChatMessage(ChatRole.Assistant, Answer(Brightness(Assert.IsType<DataContent>(contents[1])))));
            }
            finally
            {
                Interlocked.Decrement(ref _atOnce);
            }
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("tests", new("http://localhost/"), "seer") : null;

        public void Dispose()
        {
        }

        private static int Brightness(DataContent image)
        {
            Assert.Equal("image/jpeg", image.MediaType);
            using var bitmap = SkiaSharp.SKBitmap.Decode(image.Data.ToArray());
            Assert.Equal((8, 8), (bitmap.Width, bitmap.Height));
            return (int)Math.Round(bitmap.GetPixel(4, 4).Green / 20.0);
        }
    }
}
