using VideoCaptionRetrieval.Build;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.PublicApi;

namespace VideoCaptionRetrieval.Torch.Tests.Conventions;

public sealed class ScalarLifetimeAnalyzerTests
{
    private const string Examples = """
        using System;
        using TorchSharp;
        using static TorchSharp.torch;

        public static class Examples
        {
            private static readonly Scalar Two = 2;

            public static Tensor UnsafeNumber(Tensor x) => x.mul_(2);
            public static Tensor UnsafeConversion(Tensor x) => x.mul_(2.0.ToScalar());
            public static Tensor UnsafeLocal(Tensor x) { Scalar two = 2; return x.mul_(two); }
            public static Tensor UnsafeOperator(Tensor x) => x / 2;
            public static Tensor UnsafeAssignment(Tensor x) { x += x; return x; }
            public static Tensor UnsafeSum(Tensor x) => x + x;
            public static Tensor UnsafeSquare(Tensor x) => x.square();
            public static Tensor UnsafeRange() => arange(Two);
            public static Tensor UnsafeNorm(Tensor x) => linalg.vector_norm(x);
            public static double UnsafeValue(Tensor x) => x.ToDouble();
            public static long UnsafeCast(Tensor x) => (long)x;
            public static Func<Tensor, Tensor> UnsafeDelegate(Tensor x) => x.add;
            public static Tensor SafeField(Tensor x) => x.mul_(Two);
            public static Tensor SafeLocal(Tensor x) { using Scalar two = 2, one = 1; return x.add_(two, one); }
            public static Tensor SafeBlock(Tensor x) { using (Scalar two = 2) return x.mul_(two); }
            public static Tensor SafeTensorsAlone(Tensor x) => nn.functional.normalize((x * x) - x, dim: -1);
        }
        """;

    private static readonly string ListPath = Path.Combine(ReferenceFolder.Repository, "build", "Analyzers", "ScalarMakers.txt");

    [Fact]
    public async Task Analyze_Examples_ReportsUnsafeOnesOnly()
    {
        await UnsafeExamples.CheckAsync(new ScalarLifetimeAnalyzer(), ScalarLifetimeAnalyzer.Id, Examples);
    }

    [Fact]
    public void List_TorchSharpsCode_NamesWhatMakesScalarsInside()
    {
        var listed = File.ReadAllLines(ListPath);
        var comments = listed.Where(line => line.StartsWith('#')).ToList();
        var current = new ScalarUses().Hidden;
        if (Environment.GetEnvironmentVariable(ApprovedApi.AcceptVariable) == "1") File.WriteAllLines(ListPath, [.. comments, .. current]);
        Assert.Equal(current, File.ReadAllLines(ListPath).Skip(comments.Count));
    }
}
