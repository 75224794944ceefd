using System.Text.RegularExpressions;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Conventions;

[Trait("Category", "Fixtures")]
public sealed partial class FixtureKindsTests
{
    private const string NoKind = "(fixtures absent)";

    public static TheoryData<string> Kinds => [.. FixtureCase.Kinds().DefaultIfEmpty(NoKind)];

    /// <summary>A kind that no test reads yet is named as a skipped row.</summary>
    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Kind_IsReadByATest(string kind)
    {
        Skip.If(kind == NoKind, $"fixtures folder '{ReferenceFolder.Fixtures}' is not here");
        Skip.IfNot(FixtureKinds.Read.ContainsKey(kind), $"no test reads fixtures of kind '{kind}' yet");
        Assert.Contains(kind, Readers());
    }

    [Fact]
    public void Kinds_WithAReader_AreListed() => Assert.Equal(FixtureKinds.Read.Keys.Order(StringComparer.Ordinal), Readers().Order(StringComparer.Ordinal));

    /// <summary>The kinds that the sources of the tests ask for.</summary>
    private static HashSet<string> Readers() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(ReferenceFolder.Repository, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Call().Matches(File.ReadAllText(file))).Select(match => match.Groups["kind"].Value),
    ];

    [GeneratedRegex(@"FixtureCase\.OfKind\(""(?<kind>[^""]+)""\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Call();
}
