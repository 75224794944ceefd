#:project ../src/VideoCaptionRetrieval.Search/VideoCaptionRetrieval.Search.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false
using System.Globalization;
using VideoCaptionRetrieval;

// dotnet run samples/search.cs -- INDEX TEXT: searches the index that 'vcr index' or samples/VideoSearch made.
if (args is not [var folder, var text])
{
    Console.Error.WriteLine("Usage: dotnet run samples/search.cs -- INDEX TEXT");
    return 2;
}
using var index = VideoIndex.Open(folder);
foreach (var hit in index.Search(text, top: 5))
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hit.Score:0.00}  {hit.VideoId} @ {TimeSpan.FromSeconds(hit.Time):mm\\:ss}"));
return 0;
