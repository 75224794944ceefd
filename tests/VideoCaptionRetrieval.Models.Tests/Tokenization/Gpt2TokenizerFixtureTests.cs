using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

[Trait("Category", "Fixtures")]
public sealed class Gpt2TokenizerFixtureTests
{
    public static TheoryData<string> Cases => FixtureCase.OfKind("tokenizer-gpt2");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void EncodeAndDecode_ReferenceLines_SameIdsAndTexts(string row)
    {
        var fixture = FixtureCase.Open(row);
        Assert.False(fixture.Options["add_prefix_space"]!.GetValue<bool>());
        var tokenizer = Gpt2Tokenizer.Load(fixture.Model);
        var fastMayDiffer = fixture.Json["slow_and_fast_differ_on_lines"]!.AsArray().Select(line => line!.GetValue<int>()).ToHashSet();
        var differences = new List<string>();
        var number = 0;
        foreach (var line in File.ReadLines(Path.Combine(fixture.Folder, fixture.Json["lines"]!.GetValue<string>())))
        {
            var expected = JsonNode.Parse(line)!;
            var text = expected["text"]!.GetValue<string>();
            var (ids, wanted) = (tokenizer.Encode(text), Ids(expected, "ids"));
            if (!ids.SequenceEqual(wanted) && !(fastMayDiffer.Contains(number) && ids.SequenceEqual(Ids(expected, "ids_fast"))))
                differences.Add($"'{text}': expected ids {string.Join(' ', wanted)}, got {string.Join(' ', ids)}");
            Compare(differences, expected, "decoded", tokenizer.Decode(wanted, skipSpecial: false));
            Compare(differences, expected, "decoded_skip_special", tokenizer.Decode(wanted));
            number++;
        }
        Assert.True(number > 0, $"{fixture.Name} holds no lines");
        Assert.True(differences.Count == 0, $"{differences.Count} differences in {number} lines:\n{string.Join('\n', differences.Take(20))}");
    }

    private static int[] Ids(JsonNode line, string key) => [.. line[key]!.AsArray().Select(id => id!.GetValue<int>())];

    private static void Compare(List<string> differences, JsonNode line, string key, string got)
    {
        var expected = line[key]!.GetValue<string>();
        if (got != expected) differences.Add($"{key}: expected '{expected}', got '{got}'");
    }
}
