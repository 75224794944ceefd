using TorchSharp;
using VideoCaptionRetrieval.Torch.DualEncoders;
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
public sealed class Adam : IDisposable
{
    /// <summary>The paper's β₁, β₂ and ε.</summary>
    internal const double DefaultBeta1 = 0.9, DefaultBeta2 = 0.999, DefaultEpsilon = 1e-8;

    private readonly double _beta1, _beta2, _epsilon;
    private readonly List<State> _states = [];
    private int _steps;

    /// <summary>Creates the optimiser of these parameters; the caller owns and disposes it.</summary>
    public Adam(
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
    public void Step(double factor)
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
    public void ClearGradients()
    {
        foreach (var state in _states)
        {
            using var gradient = state.Parameter.grad;
            state.Parameter.grad = null;
        }
    }

    /// <inheritdoc/>
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

/// <summary>Parameters that are trained with one learning rate.</summary>
/// <param name="LearningRate">The rate before the schedule's factor.</param>
/// <param name="Parameters">The parameters, owned by their module.</param>
/// <param name="WeightDecay">Decoupled weight decay per unit of learning rate (AdamW); 0 = none.</param>
public sealed record ParameterGroup(double LearningRate, IReadOnlyList<Tensor> Parameters, double WeightDecay = 0);

/// <summary>
/// A dual encoder's parameters by what they do: a pretrained tower, a projection (or the head over a tower) and the scale tolerate
/// different learning rates. Frozen ones are left out.
/// </summary>
internal static class ParameterGroups
{
    private const string Scale = "logit_scale";
    private static readonly string[] Projections = ["visual_projection.", "text_projection.", "vision_proj.", "text_proj.", "itm_head."];

    /// <summary>Groups the parameters that are not frozen.</summary>
    /// <param name="model">The network.</param>
    /// <param name="towers">Learning rate of the towers.</param>
    /// <param name="projections">Learning rate of the projections.</param>
    /// <param name="scale">Learning rate of the logit scale.</param>
    /// <param name="weightDecay">Weight decay of everything but biases, norms and the scale.</param>
    internal static ParameterGroup[] Create(DualEncoderModel model, double towers, double projections, double scale, double weightDecay = 0)
    {
        double Rate(string name) => name == Scale
            ? scale
            : Projections.Any(part => name.StartsWith(part, StringComparison.Ordinal)) ? projections : towers;
        return [.. model.named_parameters().Where(named => named.parameter.requires_grad)
            .GroupBy(named => (Rate: Rate(named.name), Decay: Decays(named.name) ? weightDecay : 0))
            .Select(group => new ParameterGroup(group.Key.Rate, [.. group.Select(named => (Tensor)named.parameter)], group.Key.Decay))];
    }

    /// <summary>As CLIP and CLIP4Clip were trained: embeddings decay. (The published name of one norm is 'pre_layrnorm'.)</summary>
    private static bool Decays(string name) => name != Scale
        && !name.EndsWith(".bias", StringComparison.Ordinal) && !name.Contains("norm", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Bounds the norm of all gradients together, with the arithmetic of torch.nn.utils.clip_grad_norm_.</summary>
public static class GradientClipping
{
    private const double Epsilon = 1e-6;

    /// <summary>√Σ g² over all gradients.</summary>
    internal static double Norm(IEnumerable<Tensor> parameters)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return Math.Sqrt(parameters.Select(parameter => parameter.grad).OfType<Tensor>()
            .Sum(gradient => (gradient * gradient).sum().to(ScalarType.Float64).item<double>()));
    }

    /// <summary>Scales all gradients down where their common norm exceeds the maximum.</summary>
    public static void Apply(IReadOnlyList<Tensor> parameters, double maximum)
    {
        var factor = maximum / (Norm(parameters) + Epsilon);
        if (factor >= 1) return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using Scalar scalar = factor;
        foreach (var parameter in parameters) parameter.grad?.mul_(scalar);
    }
}
