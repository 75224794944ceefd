using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Models.Tests.Clip.Graphs;

[Trait("Category", "Fixtures")]
public sealed class OnnxFixtureTests
{
    public static TheoryData<string> Onnx => FixtureCase.OfKind("clip-onnx");

    public static TheoryData<string> Embed => FixtureCase.OfKind("clip-embed");

    [SkippableTheory]
    [MemberData(nameof(Onnx))]
    public void Embed_ExportedGraph_EqualsReference(string row)
    {
        var fixture = FixtureCase.Open(row);
        // The graphs output embeddings; the logits follow from them and the checkpoint's scale.
        fixture.RequireExpected(name => name is "text_embeds" or "image_embeds" or "logits_per_image" or "logits_per_text");
        var named = fixture.Json["files"]!.AsArray().Select(file => Path.Combine(fixture.Model, file!.GetValue<string>())).ToList();
        var graphs = OnnxGraphFiles.Find(fixture.Model)!;
        Assert.Equal(named.Order(), graphs.Files.Order());
        using var tensors = fixture.Tensors();
        AssertExported(fixture, tensors, graphs, new());
    }

    [SkippableTheory]
    [MemberData(nameof(Onnx))]
    public void Embed_ExportedGraphInPreciseMode_EqualsReferenceAndTheProcessorsOwnMode(string row)
    {
        var fixture = FixtureCase.Open(row);
        using var tensors = fixture.Tensors();
        var graphs = OnnxGraphFiles.Find(fixture.Model)!;
        var own = AssertExported(fixture, tensors, graphs, new());
        var precise = AssertExported(fixture, tensors, graphs, new() { PreciseProducts = true });
        Closeness.AssertSameWay(fixture.Name, own, precise, tensors.Shape("text_embeds")[1], leastCosine: 1 - 1e-3f);
    }

    [SkippableTheory]
    [MemberData(nameof(Embed))]
    public void Embed_GraphOfWeightsOfEveryFormat_EqualsReference(string row)
    {
        var fixture = FixtureCase.Open(row);
        using var tensors = fixture.Tensors();
        var checkpoint = ClipCheckpoint.Open(fixture.Model);
        using var weights = checkpoint.OpenCheckedWeights();
        using var vision = ClipGraphs.OpenVision(weights, checkpoint.Config, new(), default);
        using var text = ClipGraphs.OpenText(weights, checkpoint.Config, new(), default);
        AssertImages(fixture, tensors, new(vision, checkpoint.Config.Vision.ImageSize));
        AssertTexts(fixture, tensors, new(text, checkpoint.Config.Vision.ImageSize));
    }

    /// <returns>The embeddings of the images, then of the texts.</returns>
    private static float[] AssertExported(FixtureCase fixture, SafetensorsFile tensors, OnnxGraphFiles graphs, InferenceOptions options)
    {
        var imageSize = ClipConfig.Read(fixture.Model).Vision.ImageSize;
        using var vision = OnnxSession.Open(graphs.Vision, options, default);
        using var text = OnnxSession.Open(graphs.Text, options, default);
        return [.. AssertImages(fixture, tensors, new(vision, imageSize)), .. AssertTexts(fixture, tensors, new(text, imageSize))];
    }

    private static float[] AssertImages(FixtureCase fixture, SafetensorsFile tensors, GraphImageTower tower)
    {
        var shape = tensors.Shape("image_embeds");
        Assert.Equal(shape[1], tower.Dimension);
        var got = new float[shape[0] * shape[1]];
        tower.Embed(tensors.ReadFloats("pixel_values"), shape[0], got);
        AssertClose(fixture, tensors, "image_embeds", got);
        return got;
    }

    private static float[] AssertTexts(FixtureCase fixture, SafetensorsFile tensors, GraphTextTower tower)
    {
        var (shape, ids) = (tensors.Shape("text_embeds"), tensors.Shape("input_ids"));
        var values = tensors.Integers("input_ids");
        var matrix = new long[ids[0], ids[1]];
        for (var i = 0; i < values.Length; i++) matrix[i / ids[1], i % ids[1]] = values[i];
        var got = new float[shape[0] * shape[1]];
        tower.Embed(matrix, got);
        AssertClose(fixture, tensors, "text_embeds", got);
        return got;
    }

    private static void AssertClose(FixtureCase fixture, SafetensorsFile tensors, string name, float[] got) => Closeness.AssertClose(
        $"{fixture.Name}/{name}", Array.ConvertAll(tensors.ReadFloats(name), value => (double)value), Array.ConvertAll(got, value => (double)value),
        fixture.Tolerance(name));
}
