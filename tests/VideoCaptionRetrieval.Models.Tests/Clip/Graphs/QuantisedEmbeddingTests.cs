using System.Security.Cryptography;
using System.Text.Json;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Models.Tests.Clip.Graphs;

/// <summary>Embeddings in 8 bits: what they depend on, and what they were on a processor that is named.</summary>
public sealed class QuantisedEmbeddingTests : IDisposable
{
    private const int Images = 3;

    /// <summary>Set to 1, the test keeps what this machine computes; then enter its processor in the file.</summary>
    private const string Accept = "VCR_ACCEPT_EMBEDDINGS";

    /// <summary>Of no word, of some, and of more than the network reads.</summary>
    private static readonly string[] Texts =
        ["", "a red circle", "a small blue square moves to the left", "a yellow triangle turns around above two small white stars", string.Join(' ', Enumerable.Repeat("a large green triangle above a white star", 12))];

    private readonly List<IDisposable> _open = [];

    private sealed record Kept(string Processor, string Model, string[] Texts, float[][] Embeddings);

    public void Dispose() => _open.ForEach(open => open.Dispose());

    private static string ShippedModel => Path.Combine(ReferenceFolder.Repository, "models", "clip");

    private static string KeptFile => Path.Combine(
        ReferenceFolder.Repository, "tests", "VideoCaptionRetrieval.Models.Tests", "Clip", "Graphs", "QuantisedEmbeddings.json");

    public static TheoryData<string, bool?> Ways => new()
    {
        { "quick_gelu, 77 tokens", null }, { "quick_gelu, 77 tokens", true }, { "gelu, 40 tokens", null }, { "gelu, 40 tokens", true },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Embed_TogetherAndAlone_SameToTheBit(string clip, bool? preciseProducts)
    {
        var encoder = Open(clip, preciseProducts);
        var (frames, size) = (Frames(encoder), encoder.FrameFormat.FrameBytes);
        var alone = Enumerable.Range(0, Images).SelectMany(i => EmbedFrames(encoder, frames.AsSpan(i * size, size)));
        Assert.Equal(alone, EmbedFrames(encoder, frames));
        Assert.Equal(Texts.SelectMany(text => EmbedTexts(encoder, text)), EmbedTexts(encoder, Texts));
    }

    [Theory]
    [InlineData(null)]      // as this processor needs it
    [InlineData(true)]
    public void Embed_ShippedModel_PointsTheWayOfTheKeptEmbeddings(bool? preciseProducts)
    {
        var encoder = Open(ShippedModel, preciseProducts);
        float[] got = [.. EmbedTexts(encoder, Texts), .. EmbedFrames(encoder, Frames(encoder))];
        if (Environment.GetEnvironmentVariable(Accept) == "1" && preciseProducts is null) Keep(got, encoder.Dimension);
        var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllText(KeptFile), JsonSerializerOptions.Web)!;
        Assert.Equal(kept.Texts, Texts);
        Assert.True(kept.Model == Identity, $"'{ShippedModel}' has other weights than those that '{KeptFile}' was computed with; set {Accept}=1 to compute it anew.");
        Closeness.AssertSameWay($"kept from {kept.Processor}", [.. kept.Embeddings.SelectMany(row => row)], got, encoder.Dimension, leastCosine: 1 - 1e-3f);
    }

    private static string Identity => Convert.ToHexStringLower(SHA256.HashData(
        File.ReadAllBytes(Path.Combine(ShippedModel, CheckpointFiles.Weights))));

    private static void Keep(float[] embeddings, int dimension) => File.WriteAllText(KeptFile, JsonSerializer.Serialize(
        new Kept("not named yet", Identity, Texts, [.. embeddings.Chunk(dimension).Select(row => row.Select(value => MathF.Round(value, 5)).ToArray())]),
        JsonSerializerOptions.Web) + "\n");

    /// <param name="clip">A folder, or the sizes of a network with random weights.</param>
    /// <param name="preciseProducts">Whether ONNX Runtime is in its precise mode; null = as this processor needs it.</param>
    private OnnxClipEncoder Open(string clip, bool? preciseProducts)
    {
        var folder = clip switch
        {
            "quick_gelu, 77 tokens" => Random(TinyClip.Config with { Text = TinyClip.Config.Text with { ContextLength = 77 } }),
            "gelu, 40 tokens" => ShippedModel,
            _ => clip,
        };
        var options = new InferenceOptions { Precision = InferencePrecision.Quantised, PreciseProducts = preciseProducts };
        var encoder = OnnxClipEncoder.Open(ClipCheckpoint.Open(folder), options);
        _open.Add(encoder);
        return encoder;
    }

    private string Random(ClipConfig config)
    {
        var clip = new TinyClip(config);
        _open.Add(clip);
        return clip.Folder;
    }

    /// <summary>Noise of three strengths, so that the ranges of activations differ.</summary>
    private static byte[] Frames(OnnxClipEncoder encoder)
    {
        var frames = new byte[Images * encoder.FrameFormat.FrameBytes];
        new Random(7).NextBytes(frames);
        for (var at = 0; at < frames.Length; at++) frames[at] = (byte)(frames[at] >> (3 * (at / encoder.FrameFormat.FrameBytes)));
        return frames;
    }

    private static float[] EmbedFrames(OnnxClipEncoder encoder, ReadOnlySpan<byte> frames)
    {
        var count = frames.Length / encoder.FrameFormat.FrameBytes;
        var embeddings = new float[count * encoder.Dimension];
        encoder.EmbedFrames(frames, count, embeddings);
        return embeddings;
    }

    private static float[] EmbedTexts(OnnxClipEncoder encoder, params string[] texts)
    {
        var embeddings = new float[texts.Length * encoder.Dimension];
        encoder.EmbedTexts(texts, embeddings);
        return embeddings;
    }
}
