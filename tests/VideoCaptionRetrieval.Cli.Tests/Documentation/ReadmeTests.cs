using System.Text.RegularExpressions;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Cli.Tests.Documentation;

/// <summary>
/// README.md shows code that compiles: each C# block stands, white space aside, in one source file of samples/, which the solution or
/// a test builds. A line '// …' in a block stands for code that is left out there. It shows commands that the tool knows, and links to
/// files that are there.
/// </summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void CSharpBlocks_OfTheReadme_StandInCompiledSamples()
    {
        var samples = Directory.GetFiles(Path.Combine(ReferenceFolder.Repository, "samples"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any())
            .ToDictionary(file => file, file => Normalise(File.ReadAllText(file)));
        var blocks = CSharpBlock().Matches(Text("README.md"));

        Assert.NotEmpty(blocks);
        foreach (Match block in blocks)
        {
            var parts = LeftOut().Split(block.Groups["code"].Value).Select(Normalise).Where(part => part.Length > 0).ToList();
            Assert.True(samples.Values.Any(sample => HoldsInOrder(sample, parts)), Missing(block.Groups["code"].Value, parts, samples));
        }
    }

    [Fact]
    public void VcrLines_OfTheReadme_AreCommandsThatTheToolKnows()
    {
        var lines = ToolLine().Matches(Text("README.md")).Select(line => line.Groups["arguments"].Value).ToList();

        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            string[] arguments = [.. Argument().Matches(line).Select(argument => argument.Value.Trim('"'))];
            var faults = CommandLineApp.Parse(arguments, TextWriter.Null, TextWriter.Null).Errors;
            Assert.True(faults.Count == 0, $"./vcr {line}: {string.Join("; ", faults.Select(fault => fault.Message))}");
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("bench/README.md")]
    public void Links_OfADocument_LeadToFilesThatAreThere(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(ReferenceFolder.Repository, document))!;

        Assert.All(Link().Matches(Text(document)).Select(link => link.Groups["path"].Value).Where(path => !path.Contains("://", StringComparison.Ordinal)),
            path => Assert.True(Path.Exists(Path.Combine(folder, path)), $"{document} links to '{path}'"));
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

    private static string Text(string document) => File.ReadAllText(Path.Combine(ReferenceFolder.Repository, document));

    private static string Normalise(string code) => WhiteSpace().Replace(code, " ").Trim();

    // Whatever the language is called: csharp, cs, c#.
    [GeneratedRegex(@"^```c(?:sharp|s|#)[^\n]*\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"^[ \t]*// ?(?:…|\.\.\.)[ \t]*\r?$", RegexOptions.Multiline)]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"^\./vcr +(?<arguments>[^#\n]+)", RegexOptions.Multiline)]
    private static partial Regex ToolLine();

    [GeneratedRegex(@"""[^""]*""|\S+")]
    private static partial Regex Argument();

    [GeneratedRegex(@"\]\((?<path>[^)#]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
