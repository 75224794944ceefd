using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Cli.Tests;

[Trait("Category", ForeignCulture.Category)]
public sealed class CommandLineTests
{
    public static TheoryData<string, string> BadUsage => new()
    {
        { "nonsense", "'nonsense'" },
        { "frames v.mp4", "'--out'" },
        { "frames v.mp4 --out d --count 0", "--count: found 0, expected 1 to 10000" },
        { "frames v.mp4 --out d --count many", "many" },
        { "frames v.mp4 --out d --fit zoom", "zoom" },
        { "frames v.mp4 --out d --at 1,5", "--at: found '1,5'" },
        { "frames v.mp4 --out d --every 1.500,5", "--every: found '1.500,5'" },
        { "frames v.mp4 --out d --gpu -1", "--gpu: found -1" },
        { "frames a.mp4 b.mp4 --out d", "b.mp4" },
        { "embed --clip c", "--text" },
        { "embed --clip c --text a --image b", "one of the two" },
        { "embed --clip c --text", "'--text'" },
        { "caption v.mp4 --out o", "'--captioner'" },
        { "caption v.mp4 --captioner blip --out o", "--captioner: found 'blip', expected NAME=DIR" },
        { "caption v.mp4 --captioner =d --out o", "--captioner: found '=d', expected NAME=DIR" },
        { "caption v.mp4 --captioner a=d --captioner b= --out o", "--captioner: found 'b=', expected NAME=DIR" },
        { "caption v.mp4 --captioner a=b a=c --out o", "'a' is given twice" },
        { "caption --captioner a=b --out o", "PATH" },
        { "caption v.mp4 --captioner a=b --out o --beams 0", "--beams: found 0" },
        { "caption v.mp4 --captioner a=b --out o --min-length 9 --max-length 8", "--min-length: found 9" },
        { "select c.jsonl --clip m --out o --keep 0", "--keep: found 0" },
        { "fit v.mp4 --clip c --out o", "one of the two" },
        { "fit v.mp4 --clip c --out o --captions f --captioner a=b", "one of the two" },
        { "fit v.mp4 --clip c --out o --captions f --batch-size 1", "--batch-size: found 1" },
        { "fit v.mp4 --clip c --out o --captions f --learning-rate 0", "--learning-rate: found 0" },
        { "fit v.mp4 --clip c --out o --captions f --learning-rate NaN", "--learning-rate: found NaN" },
        { "fit v.mp4 --clip c --out o --captions f --learning-rate 0,5", "--learning-rate: found '0,5'" },
        { "fit v.mp4 --clip c --out o --captions f --batch-size 1,000", "--batch-size" },
        { "evaluate --model m --videos v.mp4", "'--queries'" },
        { "evaluate --model m --videos v.mp4 --queries q --pooling max", "max" },
        { "evaluate --model m --videos v.mp4 --queries q --v2t all", "all" },
        { "index --model m --out i", "Give at least one PATH, or --remove" },
        { "index v.mp4 --out i", "'--model'" },
        { "search i", "'search'" },
        { "search i a dog", "dog" },
        { "search i dog --top 0", "--top: found 0" },
        { "inspect", "'inspect'" },
        { "export --model m", "one of the two" },
        { "export --model m --onnx a --safetensors b", "one of the two" },
        { "export --onnx a", "'--model'" },
        { "export --model m --onnx a --image-size 0", "--image-size: found 0" },
        { "models", "command" },
        { "models get", "Type 'vcr models get --help'" },
        { "models list x", "x" },
    };

    [Fact]
    public async Task NoArguments_PrintTheHelp() =>
        Assert.Contains("[command] [options]", (await Tool.RunAsync()).Expect(0).Output, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(BadUsage))]
    public async Task RunAsync_BadUsage_Gives2AndSaysWhereHelpIs(string line, string said) =>
        (await Tool.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ExpectError(2, said, "--help'");

    [Theory]
    [MemberData(nameof(BadUsage))]
    public async Task RunAsync_BadUsageInAnotherCulture_SaysTheSame(string line, string said)
    {
        using var culture = new ForeignCulture();
        await RunAsync_BadUsage_Gives2AndSaysWhereHelpIs(line, said);
    }

    [Theory]
    [InlineData("frames", "VIDEO --count --clip --size --fit --out --json")]
    [InlineData("embed", "--clip --text --image --json")]
    [InlineData("caption", "PATH --captioner --captioner-clip --count --beams --min-length --max-length --prompt --top-p --caption-seed --chat-model --out --store --shard")]
    [InlineData("select", "CAPTIONS --clip --keep --joint --rule --minimum-score --unique --seed --prefix --out")]
    [InlineData("captions merge", "STORE --out")]
    [InlineData("captions stats", "STORE --selected")]
    [InlineData("captions export", "STORE --out")]
    [InlineData("captions import", "FILE --out")]
    [InlineData("fit", "PATH --clip --captioner --captions --epochs --batch-size --learning-rate --image-text-matching --frames --seed --out")]
    [InlineData("evaluate", "--model --videos --queries --pooling --frames --v2t --rerank --json")]
    [InlineData("index", "PATH --model --out --frames --remove")]
    [InlineData("search", "INDEX TEXT --top --rerank --model --videos --json")]
    [InlineData("inspect", "PATH --json")]
    [InlineData("export", "--model --onnx --safetensors --image-size --json")]
    [InlineData("doctor", "--json --strict --verbose --gpu")]
    public async Task RunAsync_Help_NamesArgumentsAndOptionsOnce(string command, string names)
    {
        var result = (await Tool.RunAsync([.. command.Split(' '), "--help"])).Expect(0);
        Assert.Empty(result.Error);
        foreach (var name in names.Split(' ')) Assert.Contains(name, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("by default. [default", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TextThatStartsWithAt_IsNoFileOfArguments() =>
        (await Tool.RunAsync("search", "no-such-index", "@home")).ExpectError(1, "no-such-index", "expected an index");
}
