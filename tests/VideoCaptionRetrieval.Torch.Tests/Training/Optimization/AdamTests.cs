using TorchSharp;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Training.Optimization;

public sealed class AdamTests
{
    public AdamTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void Step_TwoGroups_SameAsPlainArithmetic()
    {
        using var scope = NewDisposeScope();
        double[] start = [1.0, -2.0, 0.5], rates = [1e-2, 1e-2, 1e-3];
        var first = tensor(start[..2]).requires_grad_();
        var second = tensor(start[2..]).requires_grad_();
        using var adam = new Adam([new(1e-2, [first]), new(1e-3, [second])]);
        double[] value = [.. start], mean = new double[3], square = new double[3];

        for (var step = 1; step <= 5; step++)
        {
            adam.ClearGradients();
            (first * first * first).sum().Plus(second.Times(7).sum()).backward();
            adam.Step(factor: 1.0 / step);
            for (var i = 0; i < 3; i++)
            {
                var gradient = i < 2 ? 3 * value[i] * value[i] : 7;
                mean[i] = 0.9 * mean[i] + 0.1 * gradient;
                square[i] = 0.999 * square[i] + 0.001 * gradient * gradient;
                var corrected = mean[i] / (1 - Math.Pow(0.9, step));
                value[i] -= rates[i] / step * corrected / (Math.Sqrt(square[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }

        double[] got = [.. first.data<double>(), .. second.data<double>()];
        for (var i = 0; i < 3; i++) Assert.Equal(value[i], got[i], 12);
    }

    [Fact]
    public void Step_ParameterWithoutGradient_Stays()
    {
        using var scope = NewDisposeScope();
        var used = ones(2).requires_grad_();
        var idle = ones(2).requires_grad_();
        using var adam = new Adam([new(0.1, [used, idle])]);

        used.sum().backward();
        adam.Step(1);

        Assert.Equal(2f, idle.sum().item<float>());
        Assert.Equal(1.8f, used.sum().item<float>(), 1e-5f);
    }

    [Fact]
    public void Step_ManySteps_TensorsInMemoryFlat()
    {
        var weights = ones(10).requires_grad_();
        using var adam = new Adam([new(0.1, [weights])]);
        void Step()
        {
            using var scope = NewDisposeScope();
            adam.ClearGradients();
            (weights * weights).sum().backward();
            adam.Step(1);
        }
        Step();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        for (var i = 0; i < 10; i++) Step();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        weights.Dispose();
    }
}
