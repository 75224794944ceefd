using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class EmbedCommandTests(Assets assets)
{
    [Fact]
    public async Task Embed_Texts_UnNormalisedInTheirOrder()
    {
        var result = (await Tool.RunAsync("embed", "--clip", assets.Clip, "--text", "a dog", "@home", "--text", "", "--json")).Expect(0);
        Assert.Equal(["embeddings"], result.Json.Keys());
        using var encoder = OnnxClipEncoder.Open(ClipCheckpoint.Open(assets.Clip));
        var expected = new float[3 * encoder.Dimension];
        encoder.EmbedTexts(["a dog", "@home", ""], expected);
        Assert.Equal(expected, result.Embeddings().SelectMany(row => row));
        Assert.NotEqual(1, result.Embeddings()[0].Sum(value => value * value), 3);
    }

    [SkippableFact]
    public async Task Embed_ImagesWithSavedModel_AsItsEncoderDoes()
    {
        var (model, folder) = (await assets.ModelAsync(), assets.Folder());
        // Frames that have the model's size already, so that nothing is resized again.
        (await Tool.RunAsync("frames", assets.Paths[1], "--clip", model, "--count", "2", "--out", folder)).Expect(0);
        var files = new[] { $"{folder}/0001.png", $"{folder}/0000.png" };
        var rows = (await Tool.RunAsync("embed", "--clip", model, "--image", files[0], files[1], "--json")).Expect(0).Embeddings();
        var again = (await Tool.RunAsync("embed", "--clip", model, "--image", files[1], "--json")).Expect(0).Embeddings();
        Assert.Equal(2, rows.Length);
        Assert.NotEqual(rows[0], rows[1]);
        Assert.Equal(again[0].Select(value => Math.Round(value, 3)), rows[1].Select(value => Math.Round(value, 3)));
        Assert.Equal(64, ImageFile.Load(files[0]).Width);
    }

    [Fact]
    public async Task Embed_MissingOrBrokenImage_NamesTheFile()
    {
        var broken = assets.Lines("broken.png", "no image");
        (await Tool.RunAsync("embed", "--clip", assets.Clip, "--image", broken, "--json")).ExpectError(1, broken, "no image in a known format");
        (await Tool.RunAsync("embed", "--clip", assets.Clip, "--image", "nothing.png", "--json")).ExpectError(1, "'nothing.png' does not exist");
    }
}
