using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

public sealed class TokenizerJsonTests : IDisposable
{
    private const string Sentence = "The DOGS' café, \t犬 cannot [SEP] run!";
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-tokenizer-").FullName;

    public static TheoryData<string> Embed => FixtureCase.OfKind("files-embed");

    public static TheoryData<string> Caption => FixtureCase.OfKind("files-caption");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [MemberData(nameof(Embed))]
    [Trait("Category", "Fixtures")]
    public void Clip_WrittenAnew_EqualsWhatTransformersWrote(string row)
    {
        var (path, reference) = Reference(row, "BPE");
        Skip.IfNot(reference["model"]!["end_of_word_suffix"]?.GetValue<string>() == ClipVocabulary.EndOfWord, "it is no CLIP tokenizer");
        var written = JsonNode.Parse(TokenizerJsonWriter.Clip(ClipVocabulary.ReadPairs(path).Pairs))!;
        AssertSame(reference, written);
    }

    [SkippableTheory]
    [MemberData(nameof(Caption))]
    [Trait("Category", "Fixtures")]
    public void WordPieces_WrittenAnew_EqualsWhatTransformersWrote(string row)
    {
        var (path, reference) = Reference(row, "WordPiece");
        AssertSame(reference, JsonNode.Parse(WordPieceTokenizer.Load(path).ToLibraryFile())!);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    [InlineData(false, false, true)]
    public void Load_WordPiecesOfTokenizerJsonAlone_SameIdsAsVocabTxt(bool lowerCase, bool stripAccents, bool splitCjk)
    {
        string[] tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "The", "dogs", "DOGS", "café", "cafe", "犬", "'", ",", "!", "run", "can", "##not"];
        var tokenizer = new WordPieceTokenizer(tokens, new() { LowerCase = lowerCase, StripAccents = stripAccents, SplitCjk = splitCjk }, "");
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.json"), tokenizer.ToLibraryFile());
        var again = WordPieceTokenizer.Load(_folder);
        Assert.Equal(tokenizer.Encode(Sentence), again.Encode(Sentence));
        Assert.Equal((lowerCase, stripAccents, splitCjk), (again.Config.LowerCase, again.Config.StripAccents, again.Config.SplitCjk));
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), """{"tokenizer_class": "TokenizersBackend", "do_lower_case": true, "strip_accents": false}""");
        Assert.Equal((true, false), (WordPieceTokenizer.Load(_folder).Config.LowerCase, WordPieceTokenizer.Load(_folder).Config.StripAccents));
    }

    [Theory]
    [InlineData("type", "\"BPE\"", "'model.type' is 'BPE'")]
    [InlineData("vocab", "{\"a\": 0, \"b\": 2}", "token 'b' has id 2")]
    [InlineData("vocab", "{\"a\": 0, \"b\": 0}", "token 'b' has id 0")]
    [InlineData("vocab", "[]", "no BERT tokenizer")]
    [InlineData("vocab", "{\"a\": 0}", "'[UNK]' is not among")]
    public void Load_DamagedWordPieces_SaysWhat(string key, string value, string problem)
    {
        var json = JsonNode.Parse(new WordPieceTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]"], new(), "").ToLibraryFile())!;
        json["model"]![key] = JsonNode.Parse(value);
        var path = Path.Combine(_folder, "tokenizer.json");
        File.WriteAllText(path, json.ToJsonString());
        var e = Assert.Throws<ModelFileException>(() => WordPieceTokenizer.Load(_folder));
        Assert.Equal(path, e.Path);
        Assert.Contains(problem, e.Message);
    }

    [Fact]
    public void Load_Gpt2OfTokenizerJsonAlone_SameIdsAsPairs()
    {
        using var clip = new TinyClip();
        var pairs = ClipVocabulary.ReadPairs(clip.Folder).Pairs;
        var ids = pairs.Ids.Where(token => !token.Key.Contains(ClipVocabulary.EndOfWord, StringComparison.Ordinal)).Select(token => token.Key).Index()
            .ToDictionary(token => token.Item, token => token.Index);
        var merges = pairs.Merges.Where(merge => !merge.Contains(ClipVocabulary.EndOfWord, StringComparison.Ordinal)).ToList();
        var json = new JsonObject
        {
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["end_of_word_suffix"] = "",
                ["vocab"] = new JsonObject(ids.Select(token => KeyValuePair.Create(token.Key, (JsonNode?)token.Value))),
                ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)new JsonArray(merge.Split(' ')[0], merge.Split(' ')[1]))]),
            },
        };
        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), json.ToJsonString());
        var alone = Gpt2Tokenizer.Load(_folder);
        File.WriteAllText(Path.Combine(_folder, "vocab.json"), json["model"]!["vocab"]!.ToJsonString());
        File.WriteAllLines(Path.Combine(_folder, "merges.txt"), merges);
        Assert.Equal(Gpt2Tokenizer.Load(_folder).Encode(Sentence), alone.Encode(Sentence));
        Assert.Equal(Gpt2Tokenizer.Load(_folder).EndOfText, alone.EndOfText);
    }

    private static (string Folder, JsonNode Json) Reference(string row, string type)
    {
        var fixture = FixtureCase.Open(row);
        FixtureFamilies.SkipUnlessOpened(fixture);
        var path = Path.Combine(fixture.Model, "tokenizer.json");
        Skip.IfNot(File.Exists(path), $"'{row}' has no tokenizer.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        Skip.IfNot(json["model"]!["type"]!.GetValue<string>() == type, $"'{row}' has no tokenizer of type {type}");
        return (fixture.Model, json);
    }

    private static string Shown(JsonNode? json) => json?.ToJsonString() is { Length: > 500 } text ? text[..500] + "…" : $"{json?.ToJsonString()}";

    private static void AssertSame(JsonNode reference, JsonNode written)
    {
        if (reference["model"]!["merges"] is { } merges)
        {
            Assert.Equal(merges.AsArray().Select(merge => string.Join(' ', merge!.AsArray())), written["model"]!["merges"]!.AsArray().Select(merge => $"{merge}"));
            written["model"]!["merges"] = merges.DeepClone();
        }
        foreach (var (key, value) in reference.AsObject())
            Assert.True(JsonNode.DeepEquals(value, written[key]), $"{key}: expected {Shown(value)}, got {Shown(written[key])}");
        Assert.Equal(reference.AsObject().Count, written.AsObject().Count);
    }
}
