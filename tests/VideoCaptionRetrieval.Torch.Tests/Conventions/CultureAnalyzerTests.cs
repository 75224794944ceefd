using VideoCaptionRetrieval.Build;

namespace VideoCaptionRetrieval.Torch.Tests.Conventions;

public sealed class CultureAnalyzerTests
{
    private const string Examples = """
        using System;
        using System.Collections.Generic;
        using System.Globalization;
        using System.IO;
        using System.Text;
        using static System.FormattableString;

        public static class Examples
        {
            public static string UnsafeFraction(double x) => $"{x}";
            public static string UnsafeSingle(float x) => $"{x:R}";
            public static string UnsafeMissing(double? x) => $"{x:0.0}";
            public static string UnsafeParsed(float x) => double.Parse($"{x:R}", CultureInfo.InvariantCulture) > 0 ? "yes" : "no";
            public static string UnsafeGroups(int n) => $"{n:#,0}";
            public static string UnsafePercent(int n) => $"{n:P}";
            public static string UnsafeDate(DateTimeOffset t) => $"{t:d}";
            public static string UnsafeSum(double x) => "x = " + x;
            public static string UnsafeJoin(double[] x) => string.Join(" ", x);
            public static string UnsafeList(List<float> x) => string.Join(" ", x);
            public static string UnsafeParams(float x) => string.Join(" ", x, "s");
            public static StringBuilder UnsafeAppend(double x) => new StringBuilder().Append(x);
            public static void UnsafeWrite(TextWriter writer, double x) => writer.Write(x);
            public static string UnsafeObject(object x) => $"{x}";
            public static bool UnsafeTry(string s) => double.TryParse(s, out _);
            public static bool UnsafeWholeTry(string s) => int.TryParse(s, out _);
            public static bool SafeTry(string s) => double.TryParse(s, CultureInfo.InvariantCulture, out _) && Guid.TryParse(s, out _);
            public static string SafeInvariant(double x) => Invariant($"{x:0.0}");
            public static string SafeCreated(double x) => string.Create(CultureInfo.InvariantCulture, $"{x:0.0}");
            public static FormattableString SafeLater(double x) => $"{x}";
            public static string SafeWhole(int n, long m) => $"{n} of {m:0000}, {n:x2}";
            public static string SafeText(string s, char c, bool b) => $"{s}{c}{b}" + c + string.Join(" ", s, c);
            public static string SafeDuration(TimeSpan t) => $"{t}";
        }
        """;

    [Fact]
    public async Task Analyze_Examples_ReportsUnsafeOnesOnly() => await UnsafeExamples.CheckAsync(new CultureAnalyzer(), CultureAnalyzer.Id, Examples);
}
