using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>Finds weights that a step broke: the loss of the next step would tell, and the last step has none.</summary>
internal static class FiniteWeights
{
    /// <summary>Names the first parameter with a value that is NaN or infinite; null where all are finite.</summary>
    internal static string? FindOther(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return model.named_parameters().FirstOrDefault(named => !named.parameter.isfinite().all().item<bool>()).name;
    }
}
