using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Blip;

[Trait("Category", "Fixtures")]
public sealed class BlipFixtureTests : IDisposable
{
    private const string OtherRule = "rows_that_differ_under_transformers_4_46_3";
    private readonly string _folder = Directory.CreateTempSubdirectory("blip").FullName;

    public static TheoryData<string> CaptionCases => FixtureCase.OfKind("blip-caption");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [MemberData(nameof(CaptionCases))]
    public void Generate_ReferenceCheckpoint_SameHiddenStatesLogitsAndCaptions(string row)
    {
        var fixture = FixtureCase.Open(row);
        fixture.RequireExpected(name => name is "vision" or "forced_logits" or "pos_embed" || FixtureDecoding.IsResult(fixture, name));
        var checkpoint = BlipCheckpoint.Open(BlipFixtureFolder.Prepare(fixture, _folder));
        using var model = BlipCaptioningModel.Load(checkpoint);
        using var file = fixture.Tensors();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var imageTokens = model.EncodeImages(file.Read("pixel_values"));
        fixture.AssertMatches(file, "vision", imageTokens);
        if (fixture.Json["expected"]!["pos_embed"] is not null)
        {
            using var weights = checkpoint.OpenWeights();
            fixture.AssertMatches(file, "pos_embed", weights.Read(BlipWeightNames.Positions));
        }
        var forced = file.Read("forced_ids");
        fixture.AssertMatches(file, "forced_logits", model.Logits(forced, imageTokens.narrow(0, 0, forced.shape[0])));
        var tokenizer = checkpoint.LoadTokenizer();
        Assert.Equal(PromptIds(fixture), BlipPrompt.Encode(fixture.Options["prompt"]!.GetValue<string>(), tokenizer, model.Config.Text));
        foreach (var (name, settings) in FixtureDecoding.List(fixture)) CheckDecoding(fixture, file, model, tokenizer, imageTokens, name, settings);
    }

    private static void CheckDecoding(
        FixtureCase fixture, SafetensorsFile file, BlipCaptioningModel model, WordPieceTokenizer tokenizer, Tensor imageTokens, string name, JsonNode settings)
    {
        var generation = ResolvedGeneration.From(FixtureDecoding.Options(settings), model.Config.Text.EndId);
        var prompt = settings["prompt"]!.GetValue<bool>() ? PromptIds(fixture) : [model.Config.Text.StartId];
        using var decoder = model.StartDecoding(imageTokens, generation.MaxLength);
        var texts = TextGenerator.Generate(decoder, prompt, generation, CancellationToken.None);
        if (fixture.Json[OtherRule] is { } other)
        {
            CheckOriginal(fixture, file, tokenizer, name, prompt, texts, other[name]!.AsObject());
            return;
        }
        fixture.AssertMatches(file, $"ids.{name}", FixtureDecoding.Padded(texts.Select(text => text.Ids), model.Config.Text.PaddingId));
        if (fixture.Json["expected"]![$"scores.{name}"] is not null)
            fixture.AssertMatches(file, $"scores.{name}", tensor(texts.Select(text => (float)text.Score).ToArray()));
        Assert.Equal(FixtureDecoding.Strings(fixture, "strings", name), texts.Select(text => tokenizer.Decode(text.Ids)));
        Assert.Equal(FixtureDecoding.Strings(fixture, "strings_without_clean_up", name), texts.Select(text => tokenizer.Decode(text.Ids, cleanUp: false)));
    }

    /// <summary>The authors' code ran an older beam search, which divides by another length; where that matters, the case tells ours too.</summary>
    private static void CheckOriginal(FixtureCase fixture, SafetensorsFile file, WordPieceTokenizer tokenizer, string name, int[] prompt,
        GeneratedText[] texts, JsonObject otherRows)
    {
        var (shape, ids) = (file.Shape($"ids.{name}"), file.Integers($"ids.{name}"));
        var strings = FixtureDecoding.Strings(fixture, "strings", name);
        var scores = file.Entries.ContainsKey($"scores.{name}") ? file.Floats($"scores.{name}") : null;
        Assert.Equal(shape[0], texts.Length);
        for (var row = 0; row < texts.Length; row++)
        {
            var own = texts[row].Ids;
            if (otherRows[$"{row}"] is { } expected)
            {
                var wanted = expected.AsArray().Select(id => id!.GetValue<int>()).ToArray();
                Assert.Equal(wanted.TakeWhile(id => id != tokenizer.PaddingId), own);
                continue;
            }
            var reference = ids.Skip(row * shape[1]).Take(shape[1]).ToArray();
            Assert.Equal(reference, own.Concat(Enumerable.Repeat(tokenizer.PaddingId, shape[1] - own.Length)));
            Assert.Equal(strings[row], BlipPrompt.Strip(own, prompt, tokenizer));
            if (scores is null) continue;
            var length = own.Length - (own[^1] == tokenizer.EndId ? 1 : 0);
            Assert.Equal(scores[row], texts[row].Score * (own.Length - prompt.Length) / length, 1e-4);
        }
    }

    private static int[] PromptIds(FixtureCase fixture) => [.. fixture.Options["prompt_ids"]!.AsArray().Select(id => id!.GetValue<int>())];
}
