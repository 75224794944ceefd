using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training.Optimization;

/// <summary>Bounds the length of all gradients together, with the arithmetic of torch.nn.utils.clip_grad_norm_.</summary>
internal static class GradientClipping
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

    /// <summary>Scales all gradients down where together they are longer than that.</summary>
    internal static void Apply(IReadOnlyList<Tensor> parameters, double maximum)
    {
        var factor = maximum / (Norm(parameters) + Epsilon);
        if (factor >= 1) return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using TorchSharp.Scalar scalar = factor;
        foreach (var parameter in parameters) parameter.grad?.mul_(scalar);
    }
}
