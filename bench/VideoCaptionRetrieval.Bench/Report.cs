using System.Globalization;
using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Bench;

/// <summary>Prints results as tables that README.md of this folder can hold.</summary>
internal static class Report
{
    /// <summary>The machine and the day.</summary>
    internal static void Machine()
    {
        const string Processors = "/proc/cpuinfo";
        var lines = File.Exists(Processors) ? File.ReadLines(Processors) : [];
        var model = lines.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var day = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Console.WriteLine($"{day}, {model ?? "processor unknown"}, {Environment.ProcessorCount} cores, {VectorWidths.Widest}, "
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>One table.</summary>
    /// <param name="title">What was measured.</param>
    /// <param name="unit">What one run does, for the rate: "images", "texts".</param>
    /// <param name="count">How many of them one run does.</param>
    /// <param name="ways">The results.</param>
    internal static void Table(string title, string unit, int count, IReadOnlyList<TimedWay> ways)
    {
        Console.WriteLine();
        Console.WriteLine($"| {title} | {unit}/s | times the first |");
        Console.WriteLine("|---|---:|---:|");
        foreach (var way in ways)
        {
            var (rate, culture) = (count / way.Seconds, CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(culture, $"| {way.Name} | {rate:#,0} | {way.Speedup:0.00} |"));
        }
    }

    /// <summary>One table with rates of arithmetic.</summary>
    /// <param name="title">What was measured.</param>
    /// <param name="unit">What one run does.</param>
    /// <param name="count">How many of them one run does.</param>
    /// <param name="ways">The results.</param>
    /// <param name="operations">Floating-point operations of one of them.</param>
    /// <param name="peak">What the machine reaches in one large product of matrices, operations a second.</param>
    internal static void Table(string title, string unit, int count, IReadOnlyList<TimedWay> ways, double operations, double peak)
    {
        Console.WriteLine();
        Console.WriteLine($"| {title} | {unit}/s | times the first | GFLOP/s | of the fp32 peak |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var way in ways)
        {
            var rate = count / way.Seconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {way.Name} | {rate:#,0.0} | {way.Speedup:0.00} | {rate * operations / 1e9:#,0} | {rate * operations / peak:0%} |"));
        }
    }
}
