using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Tests.Blip;

[Trait("Category", "Fixtures")]
public sealed class BlipFixtureTests
{
    private static readonly string[] KnownSettings =
        ["prompt", "num_beams", "max_length", "min_length", "repetition_penalty", "no_repeat_ngram_size", "length_penalty", "early_stopping"];

    public static TheoryData<string> CaptionCases => FixtureCase.OfKind("blip-caption");

    public static TheoryData<string> LaterCases
    {
        get
        {
            var rows = new TheoryData<string>();
            foreach (var kind in new[] { "blip-itm", "clipcap", "vitgpt2", "tokenizer-gpt2" })
                foreach (var row in FixtureCase.OfKind(kind)) rows.Add(row);
            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(CaptionCases))]
    public void Generate_ReferenceCheckpoint_SameHiddenStatesLogitsAndCaptions(string row)
    {
        var fixture = FixtureCase.Open(row);
        SkipWhatIsNotImplemented(fixture);
        using var model = BlipModel.Load(fixture.Model);
        using var file = fixture.Tensors();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var imageTokens = model.EncodeImages(file.Read("pixel_values"));
        fixture.AssertMatches(file, "vision", imageTokens);
        var forced = file.Read("forced_ids");
        fixture.AssertMatches(file, "forced_logits", model.Logits(forced, imageTokens.narrow(0, 0, forced.shape[0])));
        var tokenizer = WordPieceTokenizer.Load(fixture.Model);
        Assert.Equal(PromptIds(fixture), BlipPrompt.Of(fixture.Options["prompt"]!.GetValue<string>(), tokenizer, model.Config.Text));
        foreach (var (name, settings) in fixture.Options["decodings"]!.AsObject())
            CheckDecoding(fixture, file, model, tokenizer, imageTokens, name, settings!);
    }

    [SkippableTheory]
    [MemberData(nameof(LaterCases))]
    public void LaterKinds_AnyCase_BelongToLaterIssues(string row)
    {
        var kind = FixtureCase.Open(row).Json["kind"]!.GetValue<string>();
        FixtureCase.BelongsToIssue(kind == "blip-itm" ? "E" : "D", $"kind '{kind}'");
    }

    private static void SkipWhatIsNotImplemented(FixtureCase fixture)
    {
        if (!File.Exists(Path.Combine(fixture.Model, CheckpointFiles.Configuration)) || !File.Exists(Path.Combine(fixture.Model, CheckpointFiles.Weights)))
            FixtureCase.BelongsToIssue("D", "the original checkpoint layout");
        foreach (var (name, settings) in fixture.Options["decodings"]!.AsObject())
        {
            foreach (var (setting, value) in settings!.AsObject())
            {
                if (!KnownSettings.Contains(setting)) FixtureCase.BelongsToIssue("D", $"decoding '{name}' has setting '{setting}'");
                if (setting == "early_stopping" && value?.ToJsonString() != "false") FixtureCase.BelongsToIssue("D", $"decoding '{name}' stops early");
            }
        }
    }

    private static void CheckDecoding(
        FixtureCase fixture, SafetensorsFile file, BlipModel model, WordPieceTokenizer tokenizer, Tensor imageTokens, string name, JsonNode settings)
    {
        var rules = GenerationRules.From(Options(settings), model.Config.Text.EndId);
        var prompt = settings["prompt"]!.GetValue<bool>() ? PromptIds(fixture) : [model.Config.Text.StartId];
        using var decoder = model.StartDecoding(imageTokens, rules.MaxLength);
        var texts = TextGenerator.Generate(decoder, prompt, rules, CancellationToken.None);

        fixture.AssertMatches(file, $"ids.{name}", Padded(texts, model.Config.Text.PaddingId));
        if (fixture.Json["expected"]![$"scores.{name}"] is not null)
            fixture.AssertMatches(file, $"scores.{name}", tensor(texts.Select(text => (float)text.Score).ToArray()));
        Assert.Equal(Strings(fixture, "strings", name), texts.Select(text => tokenizer.Decode(text.Ids)));
        Assert.Equal(Strings(fixture, "strings_without_clean_up", name), texts.Select(text => tokenizer.Decode(text.Ids, cleanUp: false)));
    }

    private static GenerationOptions Options(JsonNode settings) => new()
    {
        Beams = settings["num_beams"]!.GetValue<int>(),
        MinLength = settings["min_length"]!.GetValue<int>(),
        MaxLength = settings["max_length"]!.GetValue<int>(),
        RepetitionPenalty = settings["repetition_penalty"]!.GetValue<float>(),
        NoRepeatNgramSize = settings["no_repeat_ngram_size"]!.GetValue<int>(),
        LengthPenalty = settings["length_penalty"]!.GetValue<double>(),
    };

    private static int[] PromptIds(FixtureCase fixture) => [.. fixture.Options["prompt_ids"]!.AsArray().Select(id => id!.GetValue<int>())];

    private static IEnumerable<string> Strings(FixtureCase fixture, string key, string name) =>
        fixture.Json[key]![name]!.AsArray().Select(text => text!.GetValue<string>());

    private static Tensor Padded(GeneratedText[] texts, int paddingId)
    {
        var width = texts.Max(text => text.Ids.Length);
        return tensor(texts.SelectMany(text => text.Ids.Select(id => (long)id).Concat(Enumerable.Repeat((long)paddingId, width - text.Ids.Length))).ToArray())
            .view(texts.Length, width);
    }
}
