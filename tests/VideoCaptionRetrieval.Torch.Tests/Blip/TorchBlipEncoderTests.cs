using TorchSharp;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Blip;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Blip;

public sealed class TorchBlipEncoderTests : IDisposable
{
    private const int Frames = 3;
    private static readonly string[] Texts = ["a red dog on the grass", "two cats", "house"];
    private readonly string _root = Directory.CreateTempSubdirectory("blip-retrieval").FullName;

    private string Folder => Path.Combine(_root, "model");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Load_SavedEncoder_SameEmbeddingsAndScale()
    {
        TinyBlip.WriteRetrieval(Folder);
        using var encoder = Load(Folder);
        using (var noGradient = no_grad())
        using (Scalar scale = 3.25) encoder.Model.LogScale.fill_(scale);
        var copy = Path.Combine(_root, "copy");

        encoder.Save(copy);

        using var loaded = Load(copy);
        Assert.Equal(Embeddings(encoder), Embeddings(loaded));
        Assert.Equal(3.25f, loaded.LogScale);
        using var weights = new SafetensorsFile(Path.Combine(copy, CheckpointFiles.Weights));
        Assert.DoesNotContain("logit_scale", weights.Entries.Keys);        // transformers has no such tensor
    }

    [Fact]
    public void Create_SameSeed_SameBits()
    {
        using var first = BlipRetrievalModel.Create(TinyBlip.Config, seed: 3);
        using var second = BlipRetrievalModel.Create(TinyBlip.Config, seed: 3);
        using var other = BlipRetrievalModel.Create(TinyBlip.Config, seed: 4);

        Assert.Equal(Bytes(first), Bytes(second));
        Assert.NotEqual(Bytes(first), Bytes(other));
        Assert.Equal((float)Math.Log(1 / 0.07), first.LogScale.item<float>());
    }

    [Fact]
    public void EmbedTexts_PaddedByALongerText_AsAlone()
    {
        TinyBlip.WriteRetrieval(Folder);
        using var encoder = Load(Folder);
        var (together, alone) = (new float[Texts.Length * encoder.Dimension], new float[encoder.Dimension]);

        encoder.EmbedTexts(Texts, together);

        for (var i = 0; i < Texts.Length; i++)
        {
            encoder.EmbedTexts([Texts[i]], alone);
            for (var d = 0; d < alone.Length; d++) Assert.Equal(alone[d], together[(i * alone.Length) + d], 1e-5);
        }
    }

    [Fact]
    public void MatchLogits_SeveralTextsForEachImage_AsOneByOne()
    {
        using var model = BlipRetrievalModel.Create(TinyBlip.Config, seed: 3);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(5);
        var states = randn(2, 7, TinyBlip.Config.Vision.HiddenSize, generator: generator);
        var ids = tensor(new long[,] { { 2, 5, 8, 3 }, { 2, 9, 3, 0 }, { 2, 10, 11, 3 }, { 2, 3, 0, 0 } });

        var together = model.MatchLogits(ids, states);

        for (var row = 0; row < 4; row++)
        {
            var alone = model.MatchLogits(ids.narrow(0, row, 1), states.narrow(0, row / 2, 1));
            Assert.True((alone[0] - together[row]).abs().max().item<float>() < 1e-5);
        }
        Assert.True((together[0] - together[1]).abs().max().item<float>() > 1e-3);
    }

    [Fact]
    public void Open_OtherImageSize_PositionsInterpolated()
    {
        TinyBlip.WriteRetrieval(Folder);
        var checkpoint = BlipCheckpoint.Open(Folder, BlipTask.Retrieval, imageSize: 48);

        using var encoder = TorchBlipEncoder.Load(checkpoint);

        Assert.Equal(48, encoder.FrameFormat.Size);
        var embeddings = new float[encoder.Dimension];
        encoder.EmbedFrames(new byte[encoder.FrameFormat.FrameBytes], 1, embeddings);
        Assert.All(embeddings, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void IsRetrieval_FoldersOfBothTasks_ToldApart()
    {
        TinyBlip.WriteRetrieval(Folder);
        var captioner = Path.Combine(_root, "captioner");
        TinyBlip.Write(captioner);

        Assert.True(BlipFormats.Retrieval.Matches(Folder));
        Assert.False(BlipFormats.Retrieval.Matches(captioner));
        Assert.False(BlipFormats.Retrieval.Matches(Path.Combine(_root, "absent")));
        var report = CheckpointFormats.Inspect(Folder);
        Assert.Equal(("BLIP for retrieval", true), (report.Model, report.IsComplete));
    }

    private static TorchBlipEncoder Load(string folder) => TorchBlipEncoder.Load(BlipCheckpoint.Open(folder, BlipTask.Retrieval));

    private static float[] Embeddings(TorchBlipEncoder encoder)
    {
        var embeddings = new float[(Frames + Texts.Length) * encoder.Dimension];
        encoder.EmbedFrames(TinyBlip.Frames(Frames), Frames, embeddings.AsSpan(0, Frames * encoder.Dimension));
        encoder.EmbedTexts(Texts, embeddings.AsSpan(Frames * encoder.Dimension));
        return embeddings;
    }

    private static byte[] Bytes(BlipRetrievalModel model) => [.. model.named_parameters().SelectMany(named => named.parameter.bytes.ToArray())];
}
