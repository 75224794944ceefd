using System.Numerics.Tensors;
using VideoCaptionRetrieval.Experiments.ImageModels;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Torch.Clip;

namespace VideoCaptionRetrieval.Experiments.Tests.ImageModels;

public sealed class TrainedModelTests(TrainedSquares trained) : IClassFixture<TrainedSquares>
{
    private const int Shown = 100;

    private ReadOnlyMemory<byte> Frames(ImageSet images) => images.Pixels.AsMemory(0, Shown * images.ImageBytes);

    private static double Right(IEnumerable<string> captions, CaptionedImages data) =>
        captions.Zip(data.Captions, (caption, truth) => caption.TrimEnd('.') == truth).Average(right => right ? 1.0 : 0.0);

    private IDualEncoder OpenEncoder(string kind) =>
        CheckpointFormats.Require<DualEncoderCheckpoint>(Path.Combine(trained.Folder, kind)).OpenForInference(new(), default);

    private CaptionerCheckpoint Open(string kind) =>
        CheckpointFormats.Require<CaptionerCheckpoint>(Path.Combine(trained.Folder, kind));

    [Theory]
    [InlineData("blip")]
    [InlineData("clipcap")]
    public void Run_Captioner_TellsTheColours(string kind)
    {
        using var captioner = Open(kind).Load();
        var captions = captioner.Caption(Frames(trained.Data.Careful.Images), Shown);
        Assert.True(Right(captions, trained.Data.Careful) > 0.9, string.Join(" | ", captions.Distinct()));
    }

    [Fact]
    public void Run_UnseenImages_CaptionersTellTheColours()
    {
        var unseen = ColouredSquares.Data(Shown, seed: 77).Careful;
        foreach (var kind in new[] { "blip", "clipcap" })
        {
            using var captioner = Open(kind).Load();
            Assert.True(Right(captioner.Caption(Frames(unseen.Images), Shown), unseen) > 0.9, kind);
        }
    }

    [Theory]
    [InlineData("clip")]
    [InlineData("blip-retrieval")]
    public void Run_DualEncoder_FindsTheCaptionAmongAll(string kind)
    {
        using var encoder = OpenEncoder(kind);
        var texts = trained.Data.AltText.Captions.Distinct().ToList();
        var (images, wanted) = (new float[Shown * encoder.Dimension], new float[texts.Count * encoder.Dimension]);
        encoder.EmbedFrames(Frames(trained.Data.AltText.Images).Span, Shown, images);
        encoder.EmbedTexts(texts, wanted);
        var right = Enumerable.Range(0, Shown).Count(i => trained.Data.AltText.Captions[i]
            == texts[Enumerable.Range(0, texts.Count).MaxBy(k => Cosine(Row(images, i, encoder), Row(wanted, k, encoder)))]);
        Assert.True(right > 0.9 * Shown, $"{right} of {Shown}");
    }

    [Fact]
    public void Run_BlipForRetrieval_TellsWhatMatches()
    {
        using var encoder = OpenEncoder("blip-retrieval");
        var (data, texts) = (trained.Data.Careful, trained.Data.Careful.Captions.Distinct().ToList());
        var logits = new float[texts.Count];
        var right = Enumerable.Range(0, Shown).Count(i =>
        {
            ((IVideoMatcher)encoder).Match(data.Images.Image(i), 1, texts, logits);
            return texts[logits.AsSpan().IndexOf(logits.Max())] == data.Captions[i];
        });
        Assert.True(right > 0.9 * Shown, $"{right} of {Shown}");
    }

    [Fact]
    public void Run_ClipInOnnxRuntime_GivesTheSameEmbeddings()
    {
        using var torch = TorchClipEncoder.Load(trained.Clip);
        using var onnx = OnnxClipEncoder.Open(ClipCheckpoint.Open(trained.Clip));
        string[] texts = ["a red square on a white field", "the blue square.", "Etwas ganz anderes: 日本!"];
        AssertClose(encoder => Embed(encoder, texts), torch, onnx);
        AssertClose(encoder =>
        {
            var embeddings = new float[Shown * encoder.Dimension];
            encoder.EmbedFrames(Frames(trained.Data.AltText.Images).Span, Shown, embeddings);
            return embeddings;
        }, torch, onnx);
    }

    [Fact]
    public void Run_ClipSavedAndLoaded_GivesTheSameEmbeddings()
    {
        var copy = Path.Combine(Path.GetDirectoryName(trained.Folder)!, "copy");
        using var encoder = TorchClipEncoder.Load(trained.Clip);
        encoder.Save(copy);
        using var again = TorchClipEncoder.Load(copy);
        string[] texts = ["a red square on a white field"];
        Assert.Equal(Embed(encoder, texts), Embed(again, texts));
    }

    [Fact]
    public void Run_Reports_EveryStageToItsLastStep()
    {
        var last = trained.Reports.All.GroupBy(report => report.Stage).ToDictionary(stage => stage.Key, stage => stage.Last());
        Assert.Equal(["blip", "blip eye", "blip-retrieval", "blip-retrieval matching", "clip", "clip eye", "clipcap"], last.Keys.Order());
        Assert.All(last.Values, report => Assert.Equal(report.Steps, report.Step));
        Assert.All(trained.Reports.All, report => Assert.True(double.IsFinite(report.Loss)));
    }

    [Fact]
    public void Run_Done_LeavesTheModelsAlone() =>
        Assert.Equal(["blip", "blip-retrieval", "clip", "clipcap"], Directory.EnumerateFileSystemEntries(trained.Folder).Select(Path.GetFileName).Order());

    private static float[] Embed(IDualEncoder encoder, string[] texts)
    {
        var embeddings = new float[texts.Length * encoder.Dimension];
        encoder.EmbedTexts(texts, embeddings);
        return embeddings;
    }

    private static void AssertClose(Func<IDualEncoder, float[]> embed, IDualEncoder first, IDualEncoder second) =>
        Assert.All(embed(first).Zip(embed(second)), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4));

    private static ReadOnlySpan<float> Row(float[] embeddings, int row, IDualEncoder encoder) =>
        embeddings.AsSpan(row * encoder.Dimension, encoder.Dimension);

    private static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.CosineSimilarity(a, b);
}
