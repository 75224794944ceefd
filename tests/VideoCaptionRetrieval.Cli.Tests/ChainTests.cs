using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>The whole chain on real clips of many kinds.</summary>
[Collection(ToolTests.Name)]
public sealed class ChainTests(Assets assets)
{
    /// <summary>Clips that hold no picture that any program can decode.</summary>
    private static readonly string[] KnownUnreadable = ["ffc_audio_only.mp4", "small.avi", "small.flv"];

    [SkippableFact]
    public async Task Chain_EveryReadableClip_IsFoundAndEveryOtherOneReported()
    {
        ReferenceFolder.SkipWhereAbsent(ReferenceFolder.Media);
        Assets.SkipWithoutFfmpeg();
        var (videos, folder) = (ReferenceFolder.Media, assets.Folder());
        string captions = $"{folder}/captions.jsonl", selected = $"{folder}/selected.jsonl", model = $"{folder}/model.zip", index = $"{folder}/index";

        var captioned = (await Tool.RunAsync("caption", videos, "--captioner", $"blip={assets.Blip}", "--count", "2", "--beams", "1", "--out", captions, "--json")).Expect(0);
        var unreadable = captioned.Skipped;
        Assert.All(captioned.Json.GetProperty("skipped").EnumerateArray(), skipped => Assert.NotEmpty(skipped.Text("reason")));
        var all = VideoListing.ReadFolder(videos).Select(clip => clip.VideoId).ToList();
        Assert.Equal(all.Where(video => KnownUnreadable.Contains(Path.GetFileName(video))), unreadable);
        var readable = all.Except(unreadable).ToList();
        Assert.NotEmpty(readable);

        Assert.Empty((await Tool.RunAsync("select", captions, "--clip", assets.Clip, "--keep", "1", "--out", selected, "--json")).Expect(0).Skipped);
        Assert.Equal(readable, LineReading.ReadLines(selected).Select(line => line.Text("video")));

        var fitted = (await Tool.RunAsync("fit", videos, "--clip", assets.Clip, "--captions", selected, "--frames", "2", "--epochs", "1", "--out", model, "--json")).Expect(0);
        Assert.Equal(unreadable, fitted.Skipped);
        Assert.Equal(unreadable, (await Tool.RunAsync("index", videos, "--model", model, "--out", index, "--json")).Expect(0).Skipped);
        var hits = (await Tool.RunAsync("search", index, "a bird on a branch", "--top", "1000", "--json")).Expect(0).Json.GetProperty("hits").EnumerateArray();
        Assert.Equal(readable, hits.Select(hit => hit.Text("video")).Order(StringComparer.Ordinal));
    }
}
