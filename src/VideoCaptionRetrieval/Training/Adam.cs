using TorchSharp;
using VideoCaptionRetrieval.Models.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Training;

/// <summary>
/// Adam (Kingma and Ba, https://arxiv.org/abs/1412.6980) with torch.optim.Adam's arithmetic: bias-corrected moments, ε added to the
/// corrected root.
/// </summary>
/// <remarks>
/// TorchSharp's own optimiser keeps the temporaries of all parameters until its step ends, twice the size of the model; this one frees
/// them parameter by parameter. Not thread-safe. Dispose frees the moments; parameters belong to their module.
/// </remarks>
internal sealed class Adam : IDisposable
{
    /// <summary>The paper's β₁, β₂ and ε.</summary>
    internal const double DefaultBeta1 = 0.9, DefaultBeta2 = 0.999, DefaultEpsilon = 1e-8;

    private readonly double _beta1, _beta2, _epsilon;
    private readonly List<State> _states = [];
    private int _steps;

    internal Adam(
        IEnumerable<ParameterGroup> groups, double beta1 = DefaultBeta1, double beta2 = DefaultBeta2, double epsilon = DefaultEpsilon)
    {
        (_beta1, _beta2, _epsilon) = (beta1, beta2, epsilon);
        foreach (var group in groups)
            foreach (var parameter in group.Parameters) _states.Add(new(parameter, group.LearningRate));
    }

    /// <summary>One step along the gradients; parameters without a gradient stay.</summary>
    /// <param name="factor">The schedule's factor on the groups' learning rates.</param>
    internal void Step(double factor)
    {
        _steps++;
        var correction1 = 1 - Math.Pow(_beta1, _steps);
        using Scalar correction2 = Math.Sqrt(1 - Math.Pow(_beta2, _steps));
        using Scalar beta1 = _beta1, rest1 = 1 - _beta1, beta2 = _beta2, rest2 = 1 - _beta2, epsilon = _epsilon;
        using var noGrad = no_grad();
        foreach (var (parameter, learningRate, mean, square) in _states)
        {
            using var scope = NewDisposeScope();
            if (parameter.grad is not { } gradient) continue;
            using Scalar step = -factor * learningRate / correction1;
            mean.mul_(beta1).add_(gradient, rest1);
            square.mul_(beta2).addcmul_(gradient, gradient, rest2);
            var denominator = square.sqrt().div_(correction2).add_(epsilon, TensorArithmetic.One);
            parameter.addcdiv_(mean, denominator, step);
        }
    }

    /// <summary>Frees all gradients.</summary>
    internal void ClearGradients()
    {
        foreach (var state in _states)
        {
            using var gradient = state.Parameter.grad;
            state.Parameter.grad = null;
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, mean, square) in _states)
        {
            mean.Dispose();
            square.Dispose();
        }
    }

    private sealed record State(Tensor Parameter, double LearningRate, Tensor Mean, Tensor Square)
    {
        internal State(Tensor parameter, double learningRate)
            : this(parameter, learningRate, zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope())
        {
        }
    }
}
