using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

public sealed class ClipTokenizerTests : IDisposable
{
    private const int Start = 515, End = 516, Do = 512, Dog = 513;
    private readonly TinyClip _clip = new();

    public void Dispose() => _clip.Dispose();

    [Theory]
    [InlineData("dog")]
    [InlineData("  DOG ")]
    [InlineData("ｄｏｇ")]
    [InlineData("&#100;og")]
    public void Encode_OneWord_StartMergedWordEnd(string text) =>
        Assert.Equal([Start, Dog, End], ClipTokenizer.Load(_clip.Folder).Encode(text));

    [Fact]
    public void Encode_Empty_StartAndEnd() => Assert.Equal([Start, End], ClipTokenizer.Load(_clip.Folder).Encode(""));

    [Fact]
    public void Encode_TooLong_CutButKeepsEnd()
    {
        var tokenizer = ClipTokenizer.Load(_clip.Folder, contextLength: 5);
        Assert.Equal([Start, Dog, Dog, Dog, End], tokenizer.Encode("dog dog dog"));
        Assert.Equal([Start, Dog, Dog, Dog, End], tokenizer.Encode("dog dog dog dog"));
        Assert.Equal(5, tokenizer.Encode(new string('x', 1000)).Length);
    }

    [Fact]
    public void EncodeBatch_UnequalTexts_PaddedWithEnd()
    {
        var batch = ClipTokenizer.Load(_clip.Folder).EncodeBatch(["dog dog", "dog"]);
        Assert.Equal(new long[,] { { Start, Dog, Dog, End }, { Start, Dog, End, End } }, batch);
    }

    [Fact]
    public void Encode_SpecialTokensInText_AreThoseIds()
    {
        Assert.Equal([Start, Dog, End, Dog, End], ClipTokenizer.Load(_clip.Folder).Encode("dog<|ENDOFTEXT|>dog"));
        var huggingFace = ClipTokenizer.Load(_clip.Folder, TextCleaning.HuggingFace);
        Assert.Equal([Start, 256, End, 256, End], huggingFace.Encode("!<|endoftext|>!"));
    }

    [Fact]
    public void Encode_FromManyThreads_SameIds()
    {
        var tokenizer = ClipTokenizer.Load(_clip.Folder);
        var texts = Enumerable.Range(0, 200).Select(i => $"doge {i} çà dog").ToList();
        var expected = texts.Select(tokenizer.Encode).ToList();
        Parallel.For(0, 2000, i => Assert.Equal(expected[i % texts.Count], tokenizer.Encode(texts[i % texts.Count])));
    }

    [Theory]
    [InlineData("d o\n", "d o\nd o g\n", "line 3 is 'd o g'")]
    [InlineData("c a\n", "c\n", "line 4 is 'c'")]
    [InlineData("c a\n", "c o\n", "no token 'co'")]
    public void Load_DamagedMerges_NamesFileAndLine(string old, string replacement, string problem)
    {
        _clip.Edit("merges.txt", old, replacement);
        AssertFails("merges.txt", problem);
    }

    [Theory]
    [InlineData("\"do\":512", "\"do\":\"x\"", "'do' has id 'x'")]
    [InlineData("\"do\":512", "\"do\":513", "'do' and 'dog</w>' have one id, 513")]
    [InlineData("\"do\":512", "\"do\":-1", "'do' has id '-1'")]
    [InlineData("\"do\":512", "\"do\" 512", "line 1 is not JSON")]
    [InlineData("endoftext", "eot", "is missing among 517 tokens")]
    public void Load_DamagedVocabulary_NamesFileAndProblem(string old, string replacement, string problem)
    {
        _clip.Edit("vocab.json", old, replacement);
        AssertFails("vocab.json", problem);
    }

    [Fact]
    public void Load_VocabularyIsNoObject_NamesFile()
    {
        File.WriteAllText(_clip.File("vocab.json"), "[1]");
        AssertFails("vocab.json", "JSON object");
    }

    private void AssertFails(string file, string problem)
    {
        var e = Assert.Throws<ModelFileException>(() => ClipTokenizer.Load(_clip.Folder));
        Assert.Equal(_clip.File(file), e.Path);
        Assert.Contains(problem, e.Message);
    }
}
