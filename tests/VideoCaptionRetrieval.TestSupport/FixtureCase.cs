using System.Text.Json;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using Xunit;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>One reference case: a folder with case.json, tensors and, where needed, a checkpoint.</summary>
public sealed class FixtureCase
{
    private FixtureCase(string folder, JsonNode json) => (Folder, Json) = (folder, json);

    /// <summary>The case's folder.</summary>
    public string Folder { get; }

    /// <summary>case.json.</summary>
    public JsonNode Json { get; }

    /// <summary>The folder's name.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>The checkpoint's path, as case.json names it.</summary>
    public string Model => Path.Combine(Folder, Json["model"]!.GetValue<string>());

    /// <summary>The "options" object.</summary>
    public JsonNode Options => Json["options"]!;

    /// <summary>
    /// Theory rows: one for each case folder of a kind. Where the fixtures folder is absent, one row that skips; where it exists and
    /// holds no case of the kind, one row that fails.
    /// </summary>
    public static TheoryData<string> OfKind(string kind)
    {
        var rows = new TheoryData<string>();
        if (!Directory.Exists(ReferenceFolder.Fixtures))
        {
            rows.Add(AbsentRow);
            return rows;
        }
        foreach (var name in Names(kind)) rows.Add(name);
        if (rows.Count == 0) rows.Add(NoCaseRow + kind);
        return rows;
    }

    /// <summary>Opens the case of a theory row; skips or fails for the two rows that stand for no case.</summary>
    public static FixtureCase Open(string row)
    {
        Skip.If(row == AbsentRow, $"fixtures folder '{ReferenceFolder.Fixtures}' is not here");
        Assert.False(row.StartsWith(NoCaseRow, StringComparison.Ordinal), $"'{ReferenceFolder.Fixtures}' holds {row}");
        var folder = Path.Combine(ReferenceFolder.Fixtures, row);
        var fixture = new FixtureCase(folder, Parse(folder));
        fixture.RequireKnown();
        return fixture;
    }

    /// <summary>All kinds that lie in the fixtures folder, in ordinal order; empty where the folder is absent.</summary>
    public static IReadOnlyList<string> Kinds() => !Directory.Exists(ReferenceFolder.Fixtures)
        ? []
        : [.. Directory.GetDirectories(ReferenceFolder.Fixtures).Where(folder => File.Exists(Path.Combine(folder, "case.json")))
            .Select(folder => Parse(folder)["kind"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Fails where the case holds an option or an answer that the tests of its kind do not know.</summary>
    private void RequireKnown()
    {
        var kind = Json["kind"]!.GetValue<string>();
        Assert.True(FixtureKinds.Read.TryGetValue(kind, out var known), $"'{Name}' is of kind '{kind}', which {nameof(FixtureKinds)} does not list.");
        foreach (var (part, names) in new[] { ("options", known!.Options), ("answers", known.Answers) })
            if (Json[part] is JsonObject given && given.Select(one => one.Key).Except(names).ToList() is { Count: > 0 } unknown)
                Assert.Fail($"'{Name}' holds the {part} '{string.Join("', '", unknown)}', which no test of kind '{kind}' knows.");
    }

    /// <summary>Opens a safetensors file of the case; the caller disposes it.</summary>
    internal SafetensorsFile Tensors(string name = "tensors.safetensors") => new(Path.Combine(Folder, name));

    /// <summary>Tolerance of an expected tensor: null = exactly equal, t = max|got − expected| ≤ t · max|expected|.</summary>
    public double? Tolerance(string expected) => Json["expected"]![expected]!["tolerance"]?.GetValue<double>();

    /// <summary>Fails where case.json expects a tensor that the test does not compute.</summary>
    /// <param name="known">Whether the test computes a tensor of this name.</param>
    public void RequireExpected(Func<string, bool> known)
    {
        var unknown = Json["expected"]!.AsObject().Select(expected => expected.Key).Where(name => !known(name)).ToList();
        Assert.True(unknown.Count == 0, $"{Name}: the test does not compute '{string.Join("', '", unknown)}'");
    }

    private const string AbsentRow = "(fixtures absent)";
    private const string NoCaseRow = "no case of kind ";

    private static IEnumerable<string> Names(string kind) =>
        Directory.GetDirectories(ReferenceFolder.Fixtures)
            .Where(folder => File.Exists(Path.Combine(folder, "case.json")) && Parse(folder)["kind"]?.GetValue<string>() == kind)
            .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    private static JsonNode Parse(string folder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "case.json")), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
}
