using VideoCaptionRetrieval.Models.Onnx;

namespace VideoCaptionRetrieval.Cli.Tests.Commands;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Doctor_Json_ListsEveryPart()
    {
        var result = await Tool.RunAsync("doctor", "--json");
        var checks = result.Json.GetProperty("checks").EnumerateArray().ToArray();
        foreach (var name in new[] { "ffmpeg", "libtorch", "CUDA", "ONNX Runtime", "8-bit graphs", "ML.NET" }) Assert.Contains(checks, check => check.Text("name") == name);
        Assert.Contains(PreciseProducts.AreNeeded ? "no VNNI" : "exact on this processor", checks.Single(check => check.Text("name") == "8-bit graphs").Text("detail"));
        Assert.Equal(result.ExitCode == 0, checks.All(check => check.GetProperty("ok").GetBoolean()));
    }
}
