using SkiaSharp;

namespace VideoCaptionRetrieval.Cli.Tests.Commands;

/// <summary>vcr search --sheet; the search itself is tested with the index command.</summary>
[Collection(ToolTests.Name)]
public sealed class SearchCommandTests(Assets assets)
{
    [SkippableFact]
    public async Task Search_Sheet_WritesAPictureBesideTheHits()
    {
        var (index, sheet) = (await IndexAsync(assets.Videos), Path.Combine(assets.Folder(), "new", "sheet.png"));

        var result = (await Tool.RunAsync("search", index, "a red box", "--sheet", sheet, "--json")).Expect(0);

        Assert.Equal(["query", "hits", "sheet", "skipped"], result.Json.Keys());
        Assert.Equal(sheet, result.Json.Text("sheet"));
        Assert.Equal(3, result.Json.GetProperty("hits").GetArrayLength());
        Assert.Empty(result.Skipped);
        using var picture = SKBitmap.Decode(sheet);
        Assert.True(picture.Width > picture.Height);
        Assert.Equal([sheet], Directory.GetFiles(Path.GetDirectoryName(sheet)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Search_EmptyText_IsBadUsage(string text) =>
        (await Tool.RunAsync("search", "index", text)).ExpectError(2, "TEXT is empty");

    [SkippableFact]
    public async Task Search_SheetOfAVideoThatIsGone_SkipsItAndExitsAsAsked()
    {
        var videos = assets.CopyOf(assets.Videos);
        var (index, sheet) = (await IndexAsync(videos), Path.Combine(assets.Folder(), "sheet.png"));
        File.Delete(Path.Combine(videos, Assets.Names[1]));

        var result = (await Tool.RunAsync("search", index, "a red box", "--sheet", sheet, "--json")).Expect(0);
        Assert.Equal(3, result.Json.GetProperty("hits").GetArrayLength());
        Assert.Equal([$"{videos}/{Assets.Names[1]}"], result.Skipped);
        Assert.True(File.Exists(sheet));
        (await Tool.RunAsync("search", index, "a red box", "--sheet", sheet, "--strict")).Expect(1);
        (await Tool.RunAsync("search", index, "a red box", "--strict")).Expect(0);
    }

    [SkippableFact]
    public async Task Search_SheetWithoutHits_SaysSo()
    {
        var (index, sheet) = (await IndexAsync(assets.Videos), Path.Combine(assets.Folder(), "sheet.png"));
        (await Tool.RunAsync(["index", "--model", assets.Clip, "--out", index, .. assets.Paths.SelectMany(path => new[] { "--remove", path })])).Expect(0);

        var result = (await Tool.RunAsync("search", index, "a red box", "--sheet", sheet)).Expect(0);

        Assert.Contains("The index holds no video.", result.Output, StringComparison.Ordinal);
        Assert.Contains($"{sheet}: no hits", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(sheet));
    }

    [SkippableFact]
    public async Task Search_SheetThatCannotBeWritten_IsFoundBeforeTheSearch()
    {
        var folder = assets.Folder();

        var result = (await Tool.RunAsync("search", Path.Combine(folder, "no-index"), "a red box", "--sheet", folder)).Expect(1);

        Assert.Contains($"--sheet: '{folder}' is a folder", result.Error, StringComparison.Ordinal);
    }

    private async Task<string> IndexAsync(string videos)
    {
        var index = Path.Combine(assets.Folder(), "index");
        (await Tool.RunAsync("index", videos, "--model", assets.Clip, "--out", index)).Expect(0);
        return index;
    }
}
