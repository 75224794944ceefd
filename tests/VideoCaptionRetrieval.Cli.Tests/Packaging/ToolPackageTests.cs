using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Cli.Tests.Packaging;

/// <summary>What the tool's package holds, and that the tool runs once it is installed from it.</summary>
[Collection(SharedPackages.Name)]
public sealed class ToolPackageTests(PackedPackages packages)
{
    private const string Content = "tools/net10.0/any/";

    [SkippableFact]
    public void Package_OfTheTool_IsForEveryPlatform()
    {
        using var package = packages.Open(PackedPackages.Tool);
        var files = package.Entries.Where(entry => entry.StartsWith("tools/", StringComparison.Ordinal)).ToList();

        Assert.All(files, file => Assert.StartsWith(Content, file, StringComparison.Ordinal));
        Assert.Contains(Content + "vcr.dll", files);
        foreach (var platform in new[] { "linux-x64", "win-x64", "osx-arm64" })
            Assert.Contains(files, file => file.StartsWith($"{Content}runtimes/{platform}/native/", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Contains("/android/", StringComparison.Ordinal) || file.Contains("/linux-arm64/", StringComparison.Ordinal));
        Assert.Contains("README.md", package.Entries);
        Assert.Equal("MIT", package.Metadata("license"));
    }

    [SkippableFact]
    public void Package_OfTheTool_HoldsNoLibtorch()
    {
        using var package = packages.Open(PackedPackages.Tool);

        Assert.DoesNotContain(package.Entries, entry => entry.Contains("torch_cpu", StringComparison.Ordinal) || entry.Contains("torch_cuda", StringComparison.Ordinal));
        Assert.Contains(Content + "runtimes/linux-x64/native/libLibTorchSharp.so", package.Entries);
    }

    [SkippableTheory]
    [InlineData("Microsoft.ML.Core.dll")]
    [InlineData("Microsoft.ML.Data.dll")]
    public void Package_OfTheTool_HoldsThePublishedMlNet(string file)
    {
        using var package = packages.Open(PackedPackages.Tool);

        Assert.Equal(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file)), package.Read(Content + file));
    }

    [SkippableFact]
    public void Doctor_OfTheInstalledTool_FindsLibtorchOrSaysWhatToType()
    {
        var folder = Directory.CreateTempSubdirectory("vcr-tool-").FullName;
        try
        {
            DotnetCommand.Run("tool", "install", PackedPackages.Tool, "--tool-path", folder, "--source", packages.Folder);
            var vcr = Path.Combine(folder, "vcr");

            AssertSays(DotnetCommand.TryRun(vcr, ["doctor"]), lines => lines[0].StartsWith("ok ", StringComparison.Ordinal) || lines[1].Contains("type: ", StringComparison.Ordinal));
            if (!OperatingSystem.IsLinux()) return;                 // elsewhere TorchSharp finds its libraries by itself
            var without = new Dictionary<string, string> { ["NUGET_PACKAGES"] = folder, ["VCR_LIBTORCH"] = "" };
            AssertSays(DotnetCommand.TryRun(vcr, ["doctor"], without),
                lines => lines[1].Contains("type: dotnet package download libtorch-cpu-linux-x64@", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertSays(CommandResult doctor, Predicate<string[]> expected)
    {
        Assert.InRange(doctor.ExitCode, 0, 1);                       // 1: something is missing on this machine
        Assert.Empty(doctor.Error);
        var libtorch = doctor.Output.Split('\n').SkipWhile(line => !line.Contains(" libtorch ", StringComparison.Ordinal)).Take(2).ToArray();
        Assert.True(libtorch.Length == 2 && expected(libtorch), doctor.Output);
    }
}
