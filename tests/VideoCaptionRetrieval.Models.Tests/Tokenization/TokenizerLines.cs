using System.Text.Json.Nodes;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

/// <summary>Compares a tokenizer with the reference's lines of one case.</summary>
internal static class TokenizerLines
{
    /// <param name="fixture">A case of a tokenizer.</param>
    /// <param name="encode">The tokenizer's ids of a text.</param>
    /// <param name="decoded">Key of a reference text, and the tokenizer's text of the reference ids.</param>
    public static void AssertSame(
        FixtureCase fixture, Func<string, IReadOnlyList<int>> encode, params (string Key, Func<int[], string> Decode)[] decoded)
    {
        var fastMayDiffer = fixture.Json["slow_and_fast_differ_on_lines"]!.AsArray().Select(line => line!.GetValue<int>()).ToHashSet();
        var differences = new List<string>();
        var number = 0;
        foreach (var line in File.ReadLines(Path.Combine(fixture.Folder, fixture.Json["lines"]!.GetValue<string>())))
        {
            var expected = JsonNode.Parse(line)!;
            var text = expected["text"]!.GetValue<string>();
            var (ids, wanted) = (encode(text), Ids(expected, "ids"));
            if (!ids.SequenceEqual(wanted) && !(fastMayDiffer.Contains(number) && ids.SequenceEqual(Ids(expected, "ids_fast"))))
                differences.Add($"'{text}': expected ids {string.Join(' ', wanted)}, got {string.Join(' ', ids)}");
            foreach (var (key, decode) in decoded) Compare(differences, expected, key, decode(wanted));
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
