using System.Text.RegularExpressions;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Cli.Tests.Documentation;

/// <summary>
/// README.md shows code that compiles: each C# block stands, white space aside, in one source file of samples/, which the solution
/// builds. A line '// …' in a block stands for code that is left out there.
/// </summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void CSharpBlocks_OfTheReadme_StandInCompiledSamples()
    {
        var samples = Directory.GetFiles(Path.Combine(ReferenceFolder.Repository, "samples"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any())
            .ToDictionary(file => file, file => Normalise(File.ReadAllText(file)));
        var readme = File.ReadAllText(Path.Combine(ReferenceFolder.Repository, "README.md"));

        foreach (Match block in CSharpBlock().Matches(readme))
        {
            var parts = LeftOut().Split(block.Groups["code"].Value).Select(Normalise).Where(part => part.Length > 0).ToList();
            Assert.True(samples.Values.Any(sample => HoldsInOrder(sample, parts)), Missing(block.Groups["code"].Value, parts, samples));
        }
    }

    [Theory]
    [InlineData("a(); b(); c();", true)]
    [InlineData("c(); a();", false)]
    [InlineData("a(); x(); c();", true)]
    [InlineData("a();", false)]
    public void HoldsInOrder_PartsOfABlock_AreFoundOneAfterTheOther(string sample, bool expected) =>
        Assert.Equal(expected, HoldsInOrder(sample, ["a();", "c();"]));

    private static bool HoldsInOrder(string sample, IReadOnlyList<string> parts)
    {
        var from = 0;
        foreach (var part in parts)
        {
            var at = sample.IndexOf(part, from, StringComparison.Ordinal);
            if (at < 0) return false;
            from = at + part.Length;
        }
        return true;
    }

    /// <summary>Names the first line that stands in no sample, which is where to look.</summary>
    private static string Missing(string block, List<string> parts, Dictionary<string, string> samples)
    {
        var stray = block.Split('\n').Select(Normalise).FirstOrDefault(line => line.Length > 0 && !LeftOut().IsMatch(line)
            && !samples.Values.Any(sample => sample.Contains(line, StringComparison.Ordinal)));
        return $"README.md shows C# that stands in no file of samples/ ({samples.Count} files, {parts.Count} parts):\n{block}\n"
            + (stray is null ? "Each line is there, but not in this order in one file." : $"First line that is nowhere: {stray}");
    }

    private static string Normalise(string code) => WhiteSpace().Replace(code, " ").Trim();

    [GeneratedRegex(@"^```csharp[^\n]*\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"^[ \t]*// ?(?:…|\.\.\.)[ \t]*\r?$", RegexOptions.Multiline)]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
