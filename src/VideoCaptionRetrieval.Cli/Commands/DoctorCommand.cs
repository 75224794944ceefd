using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr doctor: what is here, which versions, what is missing and the command that mends it.</summary>
internal static class DoctorCommand
{
    private sealed record Finding(string Name, bool Ok, string Detail, string? Remedy = null);

    internal static Command Create(CommandHost host) =>
        host.Handle(new Command("doctor", "Check what is installed, and print the command that mends what is missing."), (_, context) => Run(context));

    // An installed tool has no project that a package could be added to.
    private static string GetLibtorch => $"dotnet package download libtorch-cpu-linux-x64@{TorchLibraries.TorchVersion} "
        + $"--output {TorchLibraries.PackageCache()}, or set {TorchLibraries.FolderVariable}";

    private static int Run(CommandContext context)
    {
        List<Finding> findings =
        [
            new("vcr", true, Version(typeof(DoctorCommand))),
            new(".NET", true, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores"),
            Check("ffmpeg", Ffmpeg, "sudo apt-get install ffmpeg"),
            Check("libtorch", Torch, GetLibtorch),
            Check("CUDA", Cuda, remedy: null),
            Check("ONNX Runtime", OnnxRuntime, "dotnet add package Microsoft.ML.OnnxRuntime"),
            new("8-bit graphs", true, EightBit(PreciseProducts.AreNeeded)),
            new("ML.NET", true, Version(typeof(MLContext))),
            new("TorchSharp", true, Version(typeof(torch))),
        ];
        context.Print(
            new { checks = findings.Select(finding => new { name = finding.Name, ok = finding.Ok, detail = finding.Detail, remedy = finding.Remedy }) },
            findings.Select(finding => $"{(finding.Ok ? "ok     " : "missing")}  {finding.Name,-13} {finding.Detail}"
                + (finding.Remedy is null ? "" : $"{Environment.NewLine}         {"",-13} type: {finding.Remedy}")));
        return findings.All(finding => finding.Ok) ? ExitCode.Done : ExitCode.Failed;
    }

    private static Finding Check(string name, Func<string> probe, string? remedy)
    {
        try
        {
            return new(name, true, probe());
        }
        catch (Exception e)
        {
            return new(name, false, Faults.Root(e).Message, remedy);
        }
    }

    private static string Ffmpeg()
    {
        var tools = FfmpegTools.Find(new());
        return $"{tools.Version} ({tools.Ffmpeg}, {tools.Ffprobe})";
    }

    private static string Torch()
    {
        var status = TorchRuntime.EnsureLoaded();
        using var one = torch.ones(1);                  // proves that it computes
        return $"{torch.__version__} from {status.Folder} ({status.Origin})"
            + (status.Weakened ? ", TorchSharp's library with a weak need of " + TorchRuntime.WeakenedVersion : "");
    }

    private static string Cuda()
    {
        TorchRuntime.EnsureLoaded();
        return torch.cuda.is_available() ? $"{torch.cuda.device_count()} device(s)" : "none; the CPU computes";
    }

    private static string OnnxRuntime()
    {
        var environment = OrtEnv.Instance();        // the process has one, which every session uses: it is not disposed here
        return $"{environment.GetVersionString()}, providers: {string.Join(", ", environment.GetAvailableProviders())}";
    }

    private static string EightBit(bool needPreciseProducts) => needPreciseProducts
        ? "the precise mode of ONNX Runtime, since this processor has no VNNI and sums of the fast kernels saturate: slower than those, faster than fp32"
        : "the fast kernels of ONNX Runtime, whose sums are exact on this processor";

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
