using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Clip;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

public sealed class ClipTokenizerSourceTests : IDisposable
{
    private static readonly string[] Texts = ["a dog", "doge and cats", "", "naïve 犬 & co."];
    private readonly ClipFormatFolder _clip = new();

    public void Dispose() => _clip.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Load_LibraryFileAlone_SameIdsAndSavedAsItIs(bool pairs, bool specialsAdded)
    {
        _clip.Write("openai-state");
        var expected = Ids(_clip.Folder);
        File.WriteAllText(_clip.File("tokenizer.json"), Library(pairs, specialsAdded).ToJsonString());
        File.Delete(_clip.File("vocab.json"));
        File.Delete(_clip.File("merges.txt"));
        Assert.Equal(expected, Ids(_clip.Folder));
        Assert.Equal(["preprocessor_config.json", "tokenizer.json"], ClipCheckpoint.Open(_clip.Folder).ReadProcessorFiles().Keys.Order());
        using (var encoder = TorchClipEncoder.Load(_clip.Folder)) encoder.Save(_clip.Sibling("saved"));
        Assert.Equal(expected, Ids(_clip.Sibling("saved")));
    }

    [Fact]
    public void Load_OpenAIFileAlone_SameIdsAndSavedAsPairs()
    {
        _clip.Write("openai-script");
        var expected = Ids(_clip.Folder);
        _clip.CompressTokenizer();
        Assert.Equal(expected, Ids(_clip.Folder));
        Assert.Contains(_clip.File("bpe_simple_vocab_16e6.txt.gz"), ClipCheckpoint.Open(_clip.Folder).Files);
        using (var encoder = TorchClipEncoder.Load(_clip.Folder)) encoder.Save(_clip.Sibling("saved"));
        Assert.Equal(["config.json", "merges.txt", "model.safetensors", "preprocessor_config.json", "vocab.json"],
            Directory.GetFiles(_clip.Sibling("saved")).Select(Path.GetFileName).Order());
        Assert.Equal(expected, Ids(_clip.Sibling("saved")));
    }

    [Theory]
    [InlineData("type", "\"WordPiece\"", "'model.type' is 'WordPiece'")]
    [InlineData("end_of_word_suffix", "null", "'model.end_of_word_suffix' is ''")]
    [InlineData("merges", "[\"d o\", \"d o g\"]", "merge 1 is 'd o g'")]
    [InlineData("merges", "[[\"d\", \"z\"]]", "no token 'dz'")]
    [InlineData("vocab", "{\"d\": -1}", "token 'd' has id '-1'")]
    [InlineData("vocab", "{\"d\": 1}", "token '<|startoftext|>' is missing")]
    [InlineData("vocab", "[]", "no CLIP tokenizer")]
    public void Load_LibraryFileOfAnotherKind_SaysWhat(string key, string value, string problem)
    {
        var json = Library(pairs: false, specialsAdded: false);
        json["model"]![key] = JsonNode.Parse(value);
        File.WriteAllText(_clip.File("tokenizer.json"), json.ToJsonString());
        File.Delete(_clip.File("merges.txt"));
        AssertFails("tokenizer.json", problem);
    }

    [Theory]
    [InlineData("d o\nd o\n", "line 3 is 'd o'")]
    [InlineData("d o\nno such\n", "line 3 is 'no such'")]
    public void Load_DamagedOpenAIFile_NamesTheLine(string merges, string problem)
    {
        File.WriteAllText(_clip.File("merges.txt"), "#version: 0.2\n" + merges);
        _clip.CompressTokenizer();
        AssertFails("bpe_simple_vocab_16e6.txt.gz", problem);
    }

    [Fact]
    public void Load_OpenAIFileThatIsNoGzipOrABomb_Refused()
    {
        File.WriteAllText(_clip.File("merges.txt"), new string('\n', 40 << 20));
        _clip.CompressTokenizer();
        AssertFails("bpe_simple_vocab_16e6.txt.gz", "inflates to more than");
        File.WriteAllText(_clip.File("bpe_simple_vocab_16e6.txt.gz"), "no gzip");
        AssertFails("bpe_simple_vocab_16e6.txt.gz", "gzip");
    }

    private void AssertFails(string file, string problem)
    {
        var e = Assert.Throws<ModelFileException>(() => ClipTokenizer.Load(_clip.Folder));
        Assert.Equal(_clip.File(file), e.Path);
        Assert.Contains(problem, e.Message);
    }

    private JsonObject Library(bool pairs, bool specialsAdded)
    {
        var vocabulary = JsonNode.Parse(File.ReadAllText(_clip.File("vocab.json")))!.AsObject();
        var added = new JsonArray();
        if (specialsAdded)
        {
            foreach (var (token, id) in vocabulary.Where(token => token.Key.StartsWith("<|", StringComparison.Ordinal)).ToList())
            {
                added.Add(new JsonObject { ["id"] = id!.GetValue<int>(), ["content"] = token });
                vocabulary.Remove(token);
            }
        }
        var merges = File.ReadAllLines(_clip.File("merges.txt")).Skip(1)
            .Select(line => pairs ? (JsonNode)new JsonArray([.. line.Split(' ').Select(token => JsonValue.Create(token))]) : JsonValue.Create(line)!);
        return new()
        {
            ["added_tokens"] = added,
            ["model"] = new JsonObject { ["type"] = "BPE", ["end_of_word_suffix"] = "</w>", ["vocab"] = vocabulary, ["merges"] = new JsonArray([.. merges]) },
        };
    }

    private static List<int[]> Ids(string folder) => [.. Texts.Select(ClipTokenizer.Load(folder).Encode)];
}
