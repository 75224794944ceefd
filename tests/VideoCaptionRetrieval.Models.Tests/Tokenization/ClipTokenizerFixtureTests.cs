using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

[Trait("Category", "Fixtures")]
public sealed class ClipTokenizerFixtureTests(Xunit.Abstractions.ITestOutputHelper output)
{
    public static TheoryData<string> Cases => FixtureCase.OfKind("tokenizer-clip");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Encode_ReferenceLines_SameIds(string row)
    {
        var fixture = FixtureCase.Open(row);
        var length = fixture.Options["context_length"]?.GetValue<int>() ?? ClipTokenizer.DefaultContextLength;
        Assert.True(fixture.Options["truncate"]?.GetValue<bool>(), $"{fixture.Name}: the tokenizer truncates; the case does not");
        var openAI = ClipTokenizer.Load(fixture.Model, TextCleaning.OpenAI, length);
        var huggingFace = ClipTokenizer.Load(fixture.Model, TextCleaning.HuggingFace, length);
        var failures = new List<string>();
        var (repairs, repaired) = (0, 0);
        foreach (var line in Lines(fixture))
        {
            var text = line["text"]!.GetValue<string>();
            var same = Matches(openAI, text, line["openai"]!);
            if (line["repair"] is not null)
            {
                repairs++;
                if (same) repaired++;
                else output.WriteLine($"not repaired: {Escaped(text)}");
            }
            else if (!same)
            {
                failures.Add($"openai: {Escaped(text)}");
            }
            if (!Matches(huggingFace, text, line["hf_fast"]!)) failures.Add($"hf_fast: {Escaped(text)}");
        }
        output.WriteLine($"{repaired} of {repairs} broken texts repaired as the reference does");
        Assert.True(failures.Count == 0, $"{failures.Count} lines differ:\n{string.Join('\n', failures.Take(20))}");
    }

    private static IEnumerable<JsonNode> Lines(FixtureCase fixture) =>
        File.ReadLines(Path.Combine(fixture.Folder, fixture.Json["lines"]!.GetValue<string>())).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!);

    private static bool Matches(ClipTokenizer tokenizer, string text, JsonNode expected) =>
        tokenizer.Encode(text).SequenceEqual(expected.AsArray().Select(id => id!.GetValue<int>()));

    private static string Escaped(string text) => string.Concat(text.Select(c => c is > ' ' and < '\u007f' ? c.ToString() : $"\\u{(int)c:x4}"));
}
