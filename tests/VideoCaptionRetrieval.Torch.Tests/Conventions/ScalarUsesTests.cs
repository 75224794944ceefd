using TorchSharp;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Training;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Conventions;

public sealed class ScalarUsesTests
{
    private static readonly ScalarUses Uses = new();

    [Theory]
    [InlineData(typeof(TensorArithmetic))]
    [InlineData(typeof(TrainingStep))]
    [InlineData(typeof(ScalarUses))]
    [InlineData(typeof(ScalarUsesTests))]
    public void Unsafe_OurAssemblies_NoneButTheExamples(Type member) =>
        Assert.All(Uses.Unsafe(member.Assembly.Location), use => Assert.StartsWith($"{nameof(Examples)}.", use));

    [Fact]
    public void Unsafe_Examples_UnsafeOnesOnly()
    {
        var found = Uses.Unsafe(typeof(Examples).Assembly.Location).Where(use => use.StartsWith(nameof(Examples), StringComparison.Ordinal));
        var expected = typeof(Examples).GetMethods().Select(method => method.Name).Where(name => name.StartsWith("Unsafe", StringComparison.Ordinal));
        Assert.Equal(expected.Order(), found.Select(use => use.Split(['.', ':'])[1]).Distinct().Order());
    }

#pragma warning disable VCR0001 // the examples break the rule
    /// <summary>Never run, only read.</summary>
    private static class Examples
    {
        private static readonly Scalar Two = 2;

        public static Tensor UnsafeNumber(Tensor x) => x.mul_(2);

        public static Tensor UnsafeOperator(Tensor x) => x / 2;

        public static Tensor UnsafeSum(Tensor x) => x + x;

        public static Tensor UnsafeSquare(Tensor x) => x.square();

        public static Tensor UnsafeRange() => arange(Two);

        public static Tensor UnsafeNorm(Tensor x) => linalg.vector_norm(x);

        public static double UnsafeValue(Tensor x) => x.ToDouble();

        public static Func<Tensor, Tensor> UnsafeDelegate(Tensor x) => x.add;

        public static Tensor SafeField(Tensor x) => x.mul_(Two);

        public static Tensor SafeLocal(Tensor x)
        {
            using Scalar two = 2, one = 1;
            return x.add_(two, one);
        }

        public static Tensor SafeTensorsAlone(Tensor x) => nn.functional.normalize((x * x) - x, dim: -1);
    }
#pragma warning restore VCR0001
}
