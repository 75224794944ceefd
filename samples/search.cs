#:project ../src/VideoCaptionRetrieval.Search/VideoCaptionRetrieval.Search.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false
using System.Globalization;
using VideoCaptionRetrieval;

// dotnet run samples/search.cs -- VIDEOS TEXT [MODEL [INDEX]]: searches a folder of videos. The first run fetches the model and embeds the videos;
// later ones embed new videos alone.
if (args.Length is < 2 or > 4)
{
    Console.Error.WriteLine("Usage: dotnet run samples/search.cs -- VIDEOS TEXT [MODEL [INDEX]]");
    return 2;
}
var (videos, text) = (args[0], args[1]);
var model = args.ElementAtOrDefault(2) ?? "clip-vit-base-patch16";
using var index = await VideoSearch.OpenOrCreateAsync(videos, model, args.ElementAtOrDefault(3) ?? "my.index");
foreach (var hit in index.Search(text, top: 5))
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hit.Score:0.00}  {hit.VideoId} @ {TimeSpan.FromSeconds(hit.Time):mm\\:ss}"));
return 0;
