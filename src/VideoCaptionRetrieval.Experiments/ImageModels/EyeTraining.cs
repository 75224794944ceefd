using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>
/// The supervised start of a vision tower, from the tags of single things, as published captioners start from ImageNet. Without it a
/// small CLIP sees nothing but backgrounds for most of its training.
/// </summary>
internal static class EyeTraining
{
    /// <summary>Brings the tower to where the tags lead it: from the file, or else by training, which writes the file.</summary>
    internal static void Run(VisionTower tower, TaggedImages data, string file, TrainingStage stage)
    {
        if (File.Exists(file))
        {
            tower.Load(file);
            return;
        }
        tower.Start(data.Images);
        using var head = new Linear(tower.Width, data.Classes.Sum());
        StartingWeights.Fill(head, stage.Seed);
        stage.Run([.. tower.Parameters, .. head.parameters()], data.Images.Count,
            batch => Loss(head.forward(tower.See(PixelValues.Of(data.Images, batch))), data, batch));
        tower.Save(file);
    }

    /// <summary>Σ_k cross-entropy over the classes of attribute k.</summary>
    private static Tensor Loss(Tensor logits, TaggedImages data, int[] batch) => logits
        .split([.. data.Classes.Select(count => (long)count)], 1)
        .Select((scores, k) => nn.functional.cross_entropy(scores, tensor([.. batch.Select(i => (long)data.Tags[i][k])])))
        .Aggregate(TensorArithmetic.Plus);
}
