using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Models.VisionEncoderDecoder;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Tests.VisionEncoderDecoder;

[Trait("Category", "Fixtures")]
public sealed class VisionEncoderDecoderFixtureTests
{
    static VisionEncoderDecoderFixtureTests() => TorchRuntime.EnsureLoaded();

    public static TheoryData<string> Cases => FixtureCase.OfKind("vitgpt2");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Generate_ReferenceExport_SameHiddenStatesLogitsAndCaptions(string row) => Check(FixtureCase.Open(row), files => files);

    /// <summary>A decoder alone, without the graph that goes on with keys and values, reads the whole text at every step.</summary>
    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Generate_WithoutTheGraphThatTakesThePast_SameCaptions(string row)
    {
        var fixture = FixtureCase.Open(row);
        Skip.If(VisionEncoderDecoderFiles.Find(fixture.Model).IsMerged, "a merged decoder always has both branches");
        Check(fixture, files => files with { WithPast = null });
    }

    private static void Check(FixtureCase fixture, Func<VisionEncoderDecoderFiles, VisionEncoderDecoderFiles> change)
    {
        fixture.RequireExpected(name => name is "vision" or "forced_logits" || FixtureDecoding.IsResult(fixture, name));
        var config = VisionEncoderDecoderConfig.Read(fixture.Model);
        Assert.Equal(fixture.Options["start"]!.GetValue<int>(), config.StartId);
        Assert.Equal(fixture.Options["eos"]!.GetValue<int>(), config.EndId);
        using var model = new VisionEncoderDecoderModel(change(VisionEncoderDecoderFiles.Find(fixture.Model)), new(), default);
        using var file = fixture.Tensors();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var shape = file.Shape("pixel_values");
        OrtValue Encode(int count) => model.EncodeImages(file.Floats("pixel_values").AsSpan(0, count * shape[1] * shape[2] * shape[3]), count, shape[2]);
        using (var images = Encode(shape[0]))
        {
            var hidden = images.GetTensorTypeAndShape().Shape;
            fixture.AssertMatches(file, "vision", tensor(images.GetTensorDataAsSpan<float>().ToArray()).view(hidden));
        }
        var forcedIds = file.Integers("forced_ids");
        using (var forced = new VisionEncoderDecoderStepDecoder(model, Encode(file.Shape("forced_ids")[0])))
            fixture.AssertMatches(file, "forced_logits", FixtureDecoding.Forced(forced, file, [forcedIds[0]]));
        var tokenizer = Gpt2Tokenizer.Load(fixture.Model);
        foreach (var (name, settings) in FixtureDecoding.List(fixture))
        {
            using var decoder = new VisionEncoderDecoderStepDecoder(model, Encode(shape[0]));
            CheckDecoding(fixture, file, decoder, config, tokenizer, name, settings);
        }
    }

    private static void CheckDecoding(FixtureCase fixture, SafetensorsFile file, VisionEncoderDecoderStepDecoder decoder, VisionEncoderDecoderConfig config,
        Gpt2Tokenizer tokenizer, string name, JsonNode settings)
    {
        var generation = ResolvedGeneration.From(FixtureDecoding.Options(settings), config.EndId);
        var texts = TextGenerator.Generate(decoder, [config.StartId], generation, CancellationToken.None);
        fixture.AssertMatches(file, $"ids.{name}",
            FixtureDecoding.Padded(texts.Select(text => text.Ids), fixture.Options["pad"]!.GetValue<int>(), file.Shape($"ids.{name}")[1]));
        if (fixture.Json["expected"]![$"scores.{name}"] is not null)
            fixture.AssertMatches(file, $"scores.{name}", tensor(texts.Select(text => (float)text.Score).ToArray()));
        Assert.Equal(FixtureDecoding.Strings(fixture, "strings", name), texts.Select(text => tokenizer.Decode(text.Ids)));
    }
}
