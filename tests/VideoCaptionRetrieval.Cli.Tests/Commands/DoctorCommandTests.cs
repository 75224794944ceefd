namespace VideoCaptionRetrieval.Cli.Tests.Commands;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Doctor_Json_ListsEveryPart()
    {
        var result = await Tool.RunAsync("doctor", "--json");
        var checks = result.Json.GetProperty("checks").EnumerateArray().ToArray();
        foreach (var name in new[] { "ffmpeg", "libtorch", "CUDA", "ONNX Runtime", "ML.NET" }) Assert.Contains(checks, check => check.Text("name") == name);
        Assert.Equal(result.ExitCode == 0, checks.All(check => check.GetProperty("ok").GetBoolean()));
    }
}
