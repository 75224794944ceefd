using VideoCaptionRetrieval.Experiments.ImageModels;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Experiments.Tests.ImageModels;

public sealed class WordTokenizersTests
{
    private static readonly string[] Words =
        ["a", "an", "the", "red", "reddish", "square", "squares", "star", "stars", "start", "is", "this", "banana", "on", "stone",
            "sea", "sees"];

    private static readonly string[] Other = ["unknown words", "Ünïcödé 日本 42!", "the square's star"];

    [Fact]
    public void Clip_EveryWord_OneToken()
    {
        var tokenizer = WordTokenizers.Load(WordTokenizers.Clip(Words), folder => ClipTokenizer.Load(folder));
        foreach (var word in Words) Assert.Equal(3, tokenizer.Encode(word).Length);      // between start and end
        Assert.Equal(Words.Length, Words.Select(word => tokenizer.Encode(word)[1]).Distinct().Count());
        Assert.Equal(Words.Length + 3, tokenizer.Encode(string.Join(' ', Words) + ".").Length);
        foreach (var text in Other) Assert.True(tokenizer.Encode(text).Length > 4, text);
    }

    [Fact]
    public void Gpt2_EveryWord_OneTokenAtTheStartAndBehindABlank()
    {
        var tokenizer = WordTokenizers.Load(WordTokenizers.Gpt2(Words), Gpt2Tokenizer.Load);
        foreach (var word in Words)
        {
            Assert.Single(tokenizer.Encode(word));
            Assert.Equal(3, tokenizer.Encode($"{word} {word}.").Length);
        }
        Assert.All(Other, text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text))));
    }

    [Fact]
    public void Blip_EveryWord_OneToken()
    {
        var tokenizer = WordTokenizers.Blip(Words);
        var text = string.Join(' ', Words);
        Assert.Equal(Words.Length + 2, tokenizer.Encode(text).Length);
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        Assert.Equal("unknown words", tokenizer.Decode(tokenizer.Encode("Unknown words")));
    }
}
