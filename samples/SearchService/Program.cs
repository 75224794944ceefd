using System.ComponentModel.DataAnnotations;
using SearchService;

// Searches videos over HTTP: a saved model and an index, both loaded at start. samples/VideoSearch makes them:
//     dotnet run --project samples/VideoSearch
//     dotnet run --project samples/SearchService
//     curl 'localhost:5000/search?q=a+red+circle&top=3'
// Others: --VideoSearch:Model FILE --VideoSearch:Index FOLDER, or VideoSearch__Model and VideoSearch__Index in the environment.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddProblemDetails();
builder.Services.AddValidation();
builder.Services.AddOptions<SearchServiceOptions>().BindConfiguration(SearchServiceOptions.Section)
    .ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddSingleton<VideoSearcher>();
builder.Services.AddHealthChecks().AddCheck<SearchHealthCheck>("search");
// In development too, a request that cannot be read is answered, not thrown.
builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapHealthChecks("/healthz");
// An absent text is an empty one, so that it is found together with other faults.
app.MapGet("/search", (
    VideoSearcher searcher,
    CancellationToken cancellation,
    [Required, StringLength(SearchServiceOptions.LongestText)] string q = "",
    [Range(1, SearchServiceOptions.MostHits)] int top = SearchServiceOptions.DefaultHits) =>
    TypedResults.Ok(searcher.Search(q, top, cancellation))).WithName("Search");
app.MapGet("/embed", (
    VideoSearcher searcher,
    [Required, StringLength(SearchServiceOptions.LongestText)] string text = "") =>
    TypedResults.Ok(searcher.Embed(text))).WithName("Embed");

app.Services.GetRequiredService<VideoSearcher>();       // now: a service without its model does not start
app.Run();
