using System.Text.Json.Nodes;
using Microsoft.ML;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Retrieval;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Search.Tests;

/// <summary>Files that earlier versions of the library wrote answer as they did then: a folder a version.</summary>
public sealed class SavedFilesTests : IDisposable
{
    private const string AbsentRow = "(saved files absent)";
    private const double Tolerance = 1e-6;

    // What every version was asked; its answers do not say it.
    private static readonly string[] Texts = ["a red circle slides past a blue square", "two hearts"];
    private static readonly string[] Images = ["skimage_astronaut.png", "darknet_dog.jpg"];

    private readonly List<string> _extracted = [];

    public static TheoryData<string> Versions => Directory.Exists(ReferenceFolder.Saved)
        ? [.. Directory.GetDirectories(ReferenceFolder.Saved).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)]
        : [AbsentRow];

    public void Dispose()
    {
        foreach (var folder in _extracted.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public void Load_Model_EmbedsTextsAsThatVersionDid(string version)
    {
        var folder = Open(version);
        using var model = Load(folder);
        var got = new float[Texts.Length * model.Dimension];
        model.Encoder.EmbedTexts(Texts, got);
        AssertEmbeddings(folder, "embed-text.json", got);
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public void Load_Model_EmbedsImagesAsThatVersionDid(string version)
    {
        var folder = Open(version);
        var images = Path.Combine(ReferenceFolder.Media, "images");
        ReferenceFolder.SkipWhereAbsent(images);
        using var model = Load(folder);
        var format = model.Encoder.FrameFormat;
        var frames = new byte[Images.Length * format.FrameBytes];
        for (var i = 0; i < Images.Length; i++)
        {
            var image = ImageFile.Load(Path.Combine(images, Images[i]));
            FramePreparation.Prepare(image.Pixels, image.Width, image.Height, format, frames.AsSpan(i * format.FrameBytes, format.FrameBytes));
        }
        var got = new float[Images.Length * model.Dimension];
        model.Encoder.EmbedFrames(frames, Images.Length, got);
        AssertEmbeddings(folder, "embed-image.json", got);
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public void Open_Index_AnswersAsThatVersionDid(string version)
    {
        var folder = Open(version);
        var answer = Read(folder, "search.json");
        using var index = VideoIndex.Open(Path.Combine(folder, "index"));

        var hits = index.Search(answer["query"]!.GetValue<string>(), top: answer["hits"]!.AsArray().Count);

        Assert.NotEmpty(hits);
        Assert.Equal(answer["hits"]!.AsArray().Select(hit => hit!["video"]!.GetValue<string>()), hits.Select(hit => hit.VideoId));
        Assert.All(answer["hits"]!.AsArray().Zip(hits), pair =>
        {
            Assert.Equal(pair.First!["score"]!.GetValue<double>(), pair.Second.Score, Tolerance);
            Assert.Equal(pair.First["time"]!.GetValue<double>(), pair.Second.Time);
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public void Open_CaptionStore_HoldsEveryLine(string version)
    {
        var folder = Path.Combine(Open(version), "captions");
        var lines = File.ReadLines(Path.Combine(folder, "captions.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();

        var captions = CaptionStore.Open(folder).Captions;

        Assert.NotEmpty(lines);
        Assert.Equal(
            lines.Select(line => (Text(line, "video"), Text(line, "captioner"), line["frame"]!.GetValue<int>(), line["time"]!.GetValue<double>(),
                Text(line, "caption"), Text(line, "content"), Text(line, "identity"))),
            captions.Select(one => (one.VideoId, one.Captioner, one.Frame, one.Time, one.Caption, one.Content, one.Identity)));
    }

    private static string Text(JsonNode line, string name) => line[name]!.GetValue<string>();

    private static string Open(string version)
    {
        Skip.If(version == AbsentRow, $"folder of saved files '{ReferenceFolder.Saved}' is not here");
        return Path.Combine(ReferenceFolder.Saved, version);
    }

    private static JsonNode Read(string folder, string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, name)))!;

    private MultiCaptionRetrievalTransformer Load(string folder)
    {
        var model = RetrievalStage.Find(new MLContext().Model.Load(Path.Combine(folder, "retrieval.zip"), out _));
        _extracted.Add(model.CheckpointFolder);
        return model;
    }

    private static void AssertEmbeddings(string folder, string answer, float[] got)
    {
        var rows = Read(folder, answer)["embeddings"]!.AsArray();
        double[] expected = [.. rows.SelectMany(row => row!.AsArray()).Select(value => value!.GetValue<double>())];
        Closeness.AssertClose(answer, expected, [.. got.Select(value => (double)value)], Tolerance);
    }
}
