using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Samples.Tests.SearchService;

[Collection(SharedSearch.Name)]
public sealed class SearchServiceTests(TrainedSearch search)
{
    private RunningService Start() => new(search.Model, search.Index);

    [SkippableFact]
    public async Task Search_Text_IdsScoresAndTimesOfTheIndex()
    {
        using var index = VideoIndex.Open(search.Index);
        using var service = Start();
        using var client = service.CreateClient();

        var answer = await client.GetFromJsonAsync<JsonElement>("/search?q=a%20red%20box&top=2");

        Assert.Equal("a red box", answer.GetProperty("query").GetString());
        Assert.Equal(index.Search("a red box", top: 2).Select(hit => (hit.VideoId, hit.Score, hit.Time)),
            answer.GetProperty("hits").EnumerateArray().Select(hit => (hit.GetProperty("videoId").GetString()!,
                hit.GetProperty("score").GetDouble(), hit.GetProperty("time").GetDouble())));
        Assert.Equal(["videoId", "score", "time"], answer.GetProperty("hits")[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(3, (await client.GetFromJsonAsync<JsonElement>("/search?q=x")).GetProperty("hits").GetArrayLength());
    }

    [SkippableFact]
    public async Task Search_ManyAtOnce_SameAsOneByOne()
    {
        using var service = Start();
        using var client = service.CreateClient();
        var addresses = Enumerable.Range(0, 32).Select(n => $"/search?q=query%20number%20{n}&top={1 + (n % 3)}").ToList();

        var together = await Task.WhenAll(addresses.Select(address => client.GetStringAsync(address)));

        var alone = new List<string>();
        foreach (var address in addresses) alone.Add(await client.GetStringAsync(address));
        Assert.Equal(alone, together);
        Assert.Equal(addresses.Count, alone.Distinct().Count());
    }

    [SkippableTheory]
    [InlineData("/search", "q")]
    [InlineData("/search?q=%20", "q")]
    [InlineData("/search?q=x&top=0", "top")]
    [InlineData("/search?q=x&top=101", "top")]
    [InlineData("/search?q=&top=-1", "q", "top")]
    [InlineData("/search?q=x&top=many")]
    [InlineData("/embed", "text")]
    public async Task BadRequest_AnswersProblemDetailsThatNameEachFault(string address, params string[] names)
    {
        using var service = Start();
        using var client = service.CreateClient();

        await ExpectProblemAsync(await client.GetAsync(address), HttpStatusCode.BadRequest, names);
    }

    [SkippableFact]
    public async Task BadRequest_LongText_AnswersProblemDetails()
    {
        using var service = Start();
        using var client = service.CreateClient();

        await ExpectProblemAsync(await client.GetAsync("/search?q=" + new string('x', 1001)), HttpStatusCode.BadRequest, "q");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/search?q=" + new string('x', 1000))).StatusCode);
    }

    [SkippableFact]
    public async Task UnknownAddress_AnswersProblemDetails()
    {
        using var service = Start();
        using var client = service.CreateClient();

        await ExpectProblemAsync(await client.GetAsync("/videos"), HttpStatusCode.NotFound);
    }

    [SkippableFact]
    public async Task Search_DamagedIndex_AnswersProblemDetailsThatTellNoPath()
    {
        var index = CopyOfIndex();
        using var service = new RunningService(search.Model, index);
        using var client = service.CreateClient();
        Assert.Equal("Healthy", await client.GetStringAsync("/healthz"));
        using var other = new RunningService(search.Model, index);
        using var broken = other.CreateClient();
        // The text side is opened by the first search, which this service has not seen yet.
        foreach (var text in Directory.GetDirectories(index, "text*")) Directory.Delete(text, recursive: true);

        var answer = await broken.GetAsync("/search?q=x");

        await ExpectProblemAsync(answer, HttpStatusCode.InternalServerError);
        Assert.DoesNotContain(index, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await broken.GetAsync("/healthz")).StatusCode);
    }

    [SkippableFact]
    public async Task Health_ModelThatGoes_BecomesUnhealthy()
    {
        var model = Path.Combine(search.NewFolder(), "model.zip");
        File.Copy(search.Model, model);
        using var service = new RunningService(model, search.Index);
        using var client = service.CreateClient();
        var before = await client.GetAsync("/healthz");
        File.Delete(model);
        var after = await client.GetAsync("/healthz");

        Assert.Equal((HttpStatusCode.OK, "Healthy"), (before.StatusCode, await before.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), (after.StatusCode, await after.Content.ReadAsStringAsync()));
    }

    [SkippableFact]
    public async Task Embed_Text_TheModelsEmbedding()
    {
        using var model = (TransformerChain<ITransformer>)new MLContext().Model.Load(search.Model, out _);
        using var service = Start();
        using var client = service.CreateClient();

        Assert.Equal(model.OfType<MultiCaptionRetrievalTransformer>().Single().EmbedText("a red box"),
            await client.GetFromJsonAsync<float[]>("/embed?text=a%20red%20box"));
    }

    [SkippableFact]
    public async Task Search_IndexWithoutTimes_TimeIsNull()
    {
        var index = Path.Combine(search.NewFolder(), "index");
        var context = new MLContext();
        using (var model = (TransformerChain<ITransformer>)context.Model.Load(search.Model, out _))
        {
            var videos = context.Data.LoadFromVideoFolder(search.Videos);
            // Frames alone, as a program that does not sample them itself has them.
            var frames = context.Transforms.SelectColumns("VideoId", "Frames").Fit(model.First().Transform(videos)).Transform(model.First().Transform(videos));
            VideoIndex.Create(index, model.Last(), frames).Dispose();
        }
        using var service = new RunningService(search.Model, index);
        using var client = service.CreateClient();

        var answer = await client.GetFromJsonAsync<JsonElement>("/search?q=x&top=1");

        Assert.Equal(JsonValueKind.Null, answer.GetProperty("hits")[0].GetProperty("time").ValueKind);
    }

    [SkippableFact]
    public async Task Search_CallerThatHasGone_EndsWithoutAFault()
    {
        using var service = Start();

        var context = await service.Server.SendAsync(request =>
        {
            (request.Request.Path, request.Request.QueryString) = ("/search", new("?q=x"));
            request.RequestAborted = new(canceled: true);
        });

        Assert.Equal(StatusCodes.Status499ClientClosedRequest, context.Response.StatusCode);
    }

    [SkippableFact]
    public void Start_WithoutIndexOrSettings_SaysWhatIsMissing()
    {
        var nowhere = Path.Combine(search.NewFolder(), "nowhere");
        using var noIndex = new RunningService(search.Model, nowhere);
        using var noSettings = new RunningService("", "");

        Assert.Contains(nowhere, Assert.Throws<ModelFileException>(noIndex.CreateClient).Message, StringComparison.Ordinal);
        var faults = Assert.Throws<OptionsValidationException>(noSettings.CreateClient).Failures.ToList();
        Assert.Contains(faults, fault => fault.Contains("Model", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("Index", StringComparison.Ordinal));
    }

    private string CopyOfIndex()
    {
        var copy = search.NewFolder();
        foreach (var file in Directory.GetFiles(search.Index, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(search.Index, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return copy;
    }

    private static async Task ExpectProblemAsync(HttpResponseMessage answer, HttpStatusCode status, params string[] names)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        if (names.Length > 0) Assert.Equal(names, problem.GetProperty("errors").EnumerateObject().Select(fault => fault.Name).Order());
    }
}
