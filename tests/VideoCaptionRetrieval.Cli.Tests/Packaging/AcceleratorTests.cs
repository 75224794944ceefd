using System.Text.Json;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Cli.Tests.Packaging;

/// <summary>-p:Accelerator=cuda, evaluated only: the CUDA packages need not be on the feed.</summary>
public sealed class AcceleratorTests
{
    private const string Project = "src/VideoCaptionRetrieval.Cli/VideoCaptionRetrieval.Cli.csproj";

    [SkippableFact]
    public void PackageReferences_ByDefault_AreThoseOfThePlatformsCpu()
    {
        var packages = PackageReferences();

        Assert.Contains(Native("libtorch-cpu-linux-x64", "libtorch-cpu-win-x64", "libtorch-cpu-osx-arm64"), packages);
        Assert.Single(packages, package => package.StartsWith("libtorch", StringComparison.Ordinal));
        Assert.Contains("Microsoft.ML.OnnxRuntime", packages);
        Assert.DoesNotContain("Microsoft.ML.OnnxRuntime.Gpu", packages);
        Assert.DoesNotContain(packages, package => package.StartsWith("TorchSharp-", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void PackageReferences_Cuda_AreThoseOfCudaAlone()
    {
        Skip.If(OperatingSystem.IsMacOS(), "there is no CUDA on this platform");
        var packages = PackageReferences("-p:Accelerator=cuda");

        Assert.Contains(Native("TorchSharp-cuda-linux", "TorchSharp-cuda-windows", ""), packages);
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", packages);
        Assert.DoesNotContain("Microsoft.ML.OnnxRuntime", packages);
        Assert.DoesNotContain(packages, package => package.StartsWith("libtorch", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void PackageReferences_UnknownAccelerator_IsAnErrorThatNamesIt()
    {
        DotnetCommand.SkipWhereAbsent();
        var result = DotnetCommand.TryRun("dotnet", ["msbuild", Project, "-t:CollectPackageReferences", "-p:Accelerator=abacus"]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Accelerator is 'abacus'; expected 'cpu' or 'cuda'.", result.Output, StringComparison.Ordinal);
    }

    private static string Native(string linux, string windows, string mac) =>
        OperatingSystem.IsLinux() ? linux : OperatingSystem.IsWindows() ? windows : mac;

    private static List<string> PackageReferences(params string[] more)
    {
        DotnetCommand.SkipWhereAbsent();
        var json = DotnetCommand.Run(["msbuild", Project, "-getItem:PackageReference", .. more]);
        using var items = JsonDocument.Parse(json);
        return [.. items.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)];
    }
}
