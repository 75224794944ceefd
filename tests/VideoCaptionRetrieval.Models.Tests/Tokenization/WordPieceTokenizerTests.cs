using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

public sealed class WordPieceTokenizerTests : IDisposable
{
    private static readonly string[] Tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "dog", "##s", "'", "s", ",", ".", "can", "##not", "cafe", "é", "²"];
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-wordpiece-").FullName;

    public WordPieceTokenizerTests() => File.WriteAllLines(Path.Combine(_folder, "vocab.txt"), Tokens);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", new[] { 2, 3 })]
    [InlineData(" A\tdogs, ", new[] { 2, 4, 5, 6, 9, 3 })]
    [InlineData("Café CAFE\u0301", new[] { 2, 13, 13, 3 })]
    [InlineData("cannot candog", new[] { 2, 11, 12, 1, 3 })]
    [InlineData("a[SEP]a [sep]", new[] { 2, 4, 3, 4, 1, 1, 1, 3 })]
    [InlineData("a\ud800", new[] { 2, 4, 3 })]
    public void Encode_Texts_ExpectedIds(string text, int[] expected) => Assert.Equal(expected, WordPieceTokenizer.Load(_folder).Encode(text));

    [Fact]
    public void Decode_IdsBeyondTheVocabulary_Dropped()
    {
        var tokenizer = WordPieceTokenizer.Load(_folder);
        int[] ids = [Tokens.Length, 4, 5, 6, 7, 8, 10, 3, 0, 99];
        Assert.Equal("a dogs's.", tokenizer.Decode(ids));
        Assert.Equal("a dogs ' s .", tokenizer.Decode(ids, cleanUp: false));
        Assert.Equal("[UNK] a dogs ' s . [SEP] [PAD] [UNK]", tokenizer.Decode(ids, skipSpecialTokens: false, cleanUp: false));
    }

    [Fact]
    public void Load_OtherSpecialTokensAndCase_FollowsTheFile()
    {
        File.WriteAllLines(Path.Combine(_folder, "vocab.txt"), ["<pad>", "<unk>", "<s>", "</s>", "Dog", "é"]);
        Configure("""{"cls_token":{"content":"<s>"},"sep_token":"</s>","unk_token":"<unk>","pad_token":"<pad>","mask_token":null,"do_lower_case":false}""");
        var tokenizer = WordPieceTokenizer.Load(_folder);
        Assert.Equal([2, 4, 1, 5, 3], tokenizer.Encode("Dog dog e\u0301"));
        Assert.Equal("Dog", tokenizer.Decode([2, 4, 3, 0]));
    }

    [Fact]
    public void SaveThenLoad_OtherSettings_Unchanged()
    {
        Configure("""{"clean_up_tokenization_spaces":false,"strip_accents":false}""");
        var tokenizer = WordPieceTokenizer.Load(_folder);
        tokenizer.Save(Path.Combine(_folder, "copy"));
        var copy = WordPieceTokenizer.Load(Path.Combine(_folder, "copy"));
        Assert.Equal(tokenizer.Config, copy.Config);
        Assert.Equal(tokenizer.VocabularySize, copy.VocabularySize);
        Assert.Equal(tokenizer.Encode("a dog é"), copy.Encode("a dog é"));
    }

    [Theory]
    [InlineData("""{"tokenizer_class":"GPT2Tokenizer"}""", "tokenizer_class", "'GPT2Tokenizer'")]
    [InlineData("""{"do_basic_tokenize":false}""", "do_basic_tokenize", "implemented")]
    [InlineData("""{"do_lower_case":"yes"}""", "do_lower_case", "'yes'")]
    [InlineData("""{"sep_token":"</s>"}""", "vocab.txt", "'</s>'")]
    [InlineData("{", "tokenizer_config.json", "JSON")]
    public void Load_NotImplementedOrDamaged_SaysWhat(string json, string where, string found)
    {
        Configure(json);
        var message = Assert.Throws<ModelFileException>(() => WordPieceTokenizer.Load(_folder)).Message;
        Assert.Contains(where, message);
        Assert.Contains(found, message);
    }

    [Fact]
    public void Load_NoVocabulary_NamesTheFile()
    {
        File.Delete(Path.Combine(_folder, "vocab.txt"));
        Assert.Contains("vocab.txt", Assert.Throws<ModelFileException>(() => WordPieceTokenizer.Load(_folder)).Message);
    }

    private void Configure(string json) => File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), json);
}
