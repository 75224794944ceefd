using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Torch.Clip;

namespace VideoCaptionRetrieval.Bench;

/// <summary>A CLIP with random weights, of the size of ViT-B/16 unless another is given, and what one pass through the towers of a ViT-B/16 costs.</summary>
internal sealed class LargeClip : IDisposable
{
    internal static readonly ClipConfig Config = new(
        ClipTextConfig.Default, ClipVisionConfig.Default with { PatchSize = 16 });

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-bench-").FullName;

    internal LargeClip(ClipConfig? config = null)
    {
        Model = ClipModel.Create(config ?? Config, seed: 1);
        Model.eval();
        Model.Save(Folder, SmallClip.Tokenizer([]));
        Weights = new SafetensorsFile(Path.Combine(Folder, CheckpointFiles.Weights));
    }

    /// <summary>The network of libtorch, fp32.</summary>
    internal ClipModel Model { get; }

    /// <summary>The same weights in a file.</summary>
    internal SafetensorsFile Weights { get; }

    private string Folder => Path.Combine(_folder, "clip");

    /// <summary>Floating-point operations of one image.</summary>
    internal static double ImageOperations { get; } = Operations(Config.Vision.Tower, Config.Vision.Patches + 1, Config.ProjectionSize)
        + (2.0 * Config.Vision.Patches * Config.Vision.Tower.HiddenSize * 3 * Config.Vision.PatchSize * Config.Vision.PatchSize);

    /// <summary>Floating-point operations of one text of the full context.</summary>
    internal static double TextOperations { get; } = Operations(Config.Text.Tower, Config.Text.ContextLength, Config.ProjectionSize);

    public void Dispose()
    {
        Weights.Dispose();
        Model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>
    /// Two for each multiplication of a matrix product: attention's four and the MLP's two matrices, scores and their sums.
    /// </summary>
    private static double Operations(ClipTowerConfig tower, double positions, double projection)
    {
        var (width, inner) = ((double)tower.HiddenSize, (double)tower.IntermediateSize);
        var layer = (positions * ((4 * width * width) + (2 * width * inner))) + (2 * positions * positions * width);
        return 2 * ((tower.Layers * layer) + (width * projection));
    }
}
