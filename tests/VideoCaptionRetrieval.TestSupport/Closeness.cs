using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.Layers;
using Xunit;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>The fixtures' rule of agreement.</summary>
public static class Closeness
{
    /// <summary>Asserts max|got − expected| ≤ tolerance · max|expected|, or equality where the tolerance is null.</summary>
    public static void AssertClose(string name, ReadOnlySpan<double> expected, ReadOnlySpan<double> got, double? tolerance)
    {
        Assert.True(expected.Length == got.Length, $"{name}: expected {expected.Length} values, got {got.Length}");
        double largest = 0, worst = 0;
        var at = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (double.IsNaN(expected[i]) && double.IsNaN(got[i])) continue;
            largest = Math.Max(largest, Math.Abs(expected[i]));
            var difference = Math.Abs(expected[i] - got[i]);
            if (double.IsNaN(difference)) difference = double.PositiveInfinity;
            if (difference > worst) (worst, at) = (difference, i);
        }
        var limit = (tolerance ?? 0) * largest;
        Assert.True(worst <= limit, Invariant($"{name}: value {at} is {(got.Length > 0 ? got[at] : 0)}, expected {(expected.Length > 0 ? expected[at] : 0)}; difference {worst:g4}, limit {limit:g4}"));
    }

    /// <summary>Asserts that each row of a matrix points nearly the same way as that of another.</summary>
    /// <param name="name">What is compared, for the message.</param>
    /// <param name="expected">[rows, length].</param>
    /// <param name="got">[rows, length].</param>
    /// <param name="length">Length of a row.</param>
    /// <param name="leastCosine">The cosine that every pair of rows exceeds.</param>
    public static void AssertSameWay(string name, float[] expected, float[] got, int length, float leastCosine)
    {
        Assert.Equal(expected.Length, got.Length);
        foreach (var (row, (a, b)) in expected.Chunk(length).Zip(got.Chunk(length)).Index())
        {
            var cosine = TensorPrimitives.CosineSimilarity<float>(a, b);
            Assert.True(cosine > leastCosine, Invariant($"{name}: the cosine of row {row} is {cosine}, expected more than {leastCosine}"));
        }
    }

    /// <summary>Compares a tensor with the expected tensor of a case, with the tolerance that case.json states.</summary>
    internal static void AssertMatches(this FixtureCase fixture, SafetensorsFile file, string expected, Tensor got)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var want = file.Read(expected);
        Assert.True(want.shape.SequenceEqual(got.shape), $"{fixture.Name}/{expected}: expected shape [{string.Join(", ", want.shape)}], got [{string.Join(", ", got.shape)}]");
        AssertClose($"{fixture.Name}/{expected}", Doubles(want), Doubles(got), fixture.Tolerance(expected));
    }

    private static double[] Doubles(Tensor tensor)
    {
        using var flat = tensor.detach().cpu().to(ScalarType.Float64).contiguous().view(-1);
        return flat.data<double>().ToArray();
    }
}
