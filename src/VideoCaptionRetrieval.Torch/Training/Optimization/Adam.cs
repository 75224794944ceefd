using TorchSharp;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training.Optimization;

/// <summary>
/// Adam (Kingma and Ba, https://arxiv.org/abs/1412.6980) with torch.optim.Adam's arithmetic: bias-corrected moments, ε added to the
/// corrected root. Groups with weight decay shrink first, as in torch.optim.AdamW (Loshchilov and Hutter, arXiv 1711.05101).
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
            foreach (var parameter in group.Parameters) _states.Add(new(parameter, group));
    }

    /// <summary>Steps taken so far.</summary>
    internal int Steps => _steps;

    /// <summary>What is trained.</summary>
    internal IEnumerable<Tensor> Parameters => _states.Select(state => state.Parameter);

    /// <summary>The moments under names that tell their place, for checkpoints. They belong to this object.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Moments => _states.SelectMany((state, i) => new[]
    {
        KeyValuePair.Create($"{i:0000}.mean", state.Mean), KeyValuePair.Create($"{i:0000}.square", state.Square),
    });

    /// <summary>Goes on after so many steps, once <see cref="Moments"/> hold what they held then.</summary>
    internal void ContinueAfter(int steps) => _steps = steps;

    /// <summary>One step along the gradients; parameters without a gradient stay.</summary>
    /// <param name="factor">The schedule's factor on the groups' learning rates.</param>
    internal void Step(double factor)
    {
        _steps++;
        var correction1 = 1 - Math.Pow(_beta1, _steps);
        using Scalar correction2 = Math.Sqrt(1 - Math.Pow(_beta2, _steps));
        using Scalar beta1 = _beta1, rest1 = 1 - _beta1, beta2 = _beta2, rest2 = 1 - _beta2, epsilon = _epsilon;
        using var noGrad = no_grad();
        foreach (var (parameter, group, mean, square) in _states)
        {
            using var scope = NewDisposeScope();
            if (parameter.grad is not { } gradient) continue;
            if (group.WeightDecay > 0)
            {
                using Scalar rest = 1 - (factor * group.LearningRate * group.WeightDecay);
                parameter.mul_(rest);
            }
            using Scalar step = -factor * group.LearningRate / correction1;
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

    private sealed record State(Tensor Parameter, ParameterGroup Group, Tensor Mean, Tensor Square)
    {
        internal State(Tensor parameter, ParameterGroup group)
            : this(parameter, group, zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope())
        {
        }
    }
}
