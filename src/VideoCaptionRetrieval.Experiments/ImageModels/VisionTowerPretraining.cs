using System.Runtime.InteropServices;
using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;
using Linear = VideoCaptionRetrieval.Torch.Layers.Linear;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>
/// The supervised start of a vision tower, from the tags of single things, as published captioners start from ImageNet. Without it a
/// small CLIP sees nothing but backgrounds for most of its training.
/// </summary>
internal static class VisionTowerPretraining
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
            batch => Loss(head.forward(tower.See(PixelValues.Normalise(data.Images, batch))), data, batch));
        tower.Save(file);
    }

    /// <summary>Σ_k cross-entropy over the classes of attribute k.</summary>
    private static Tensor Loss(Tensor logits, TaggedImages data, int[] batch) => logits
        .split([.. data.Classes.Select(count => (long)count)], 1)
        .Select((scores, k) => nn.functional.cross_entropy(scores, tensor([.. batch.Select(i => (long)data.Tags[i][k])])))
        .Aggregate(TensorArithmetic.Plus);
}

/// <summary>The vision tower of a CLIP or a BLIP, which name their parts alike.</summary>
/// <param name="model">The whole network.</param>
/// <param name="see">[B, 3, S, S] → [B, C], what the tower says of the whole image.</param>
internal sealed class VisionTower(nn.Module model, Func<Tensor, Tensor> see)
{
    private const string Prefix = "vision_model.";
    private const string Patches = Prefix + "embeddings.patch_embedding.", PatchWeight = Patches + "weight", PatchBias = Patches + "bias";

    /// <summary>Images whose patches are measured.</summary>
    private const int Samples = 1000;

    /// <summary>Directions of less variance than this are not blown up to 1; in normalised pixels, whose own variance is about 1.</summary>
    private const double LeastVariance = 0.03;

    private const double PositionAmplitude = 0.5;

    private readonly Dictionary<string, Parameter> _parameters = model.named_parameters()
        .Where(named => named.name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(named => named.name, named => named.parameter);

    internal IReadOnlyList<Tensor> Parameters => [.. _parameters.Values];

    /// <summary>C, the tower's width.</summary>
    internal int Width => (int)_parameters[PatchWeight].shape[0];

    /// <summary>[B, 3, S, S] → [B, C].</summary>
    internal Tensor See(Tensor pixelValues) => see(pixelValues);

    /// <summary>Whitened patches and wave-like positions, without which kinds of things are learnt very slowly.</summary>
    internal void Start(ImageSet images)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var weight = _parameters[PatchWeight];
        var count = Math.Min(images.Count, Samples);
        var (patch, grid) = ((int)weight.shape[2], images.Size / (int)weight.shape[2]);
        var patches = PixelValues.Normalise(images, [.. Enumerable.Range(0, count)]).to(ScalarType.Float64)
            .view(count, 3, grid, patch, grid, patch).permute(0, 2, 4, 1, 3, 5).reshape(count * grid * grid, -1);    // (N, 3·p·p)
        Whiten(weight, patches);
        var positions = _parameters.Single(named => named.Key.Contains("position_embedding", StringComparison.Ordinal)).Value;
        WritePositions(MemoryMarshal.Cast<byte, float>(positions.bytes)[Width..], grid, Width);
    }

    internal void Save(string path) =>
        TorchWeights.Write(path, _parameters.Select(named => KeyValuePair.Create<string, Tensor>(named.Key, named.Value)));

    /// <summary>Takes the tower's weights of a file, which may hold others too.</summary>
    internal void Load(string path)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var file = new SafetensorsFile(path);
        foreach (var (name, parameter) in _parameters)
        {
            TensorCheck.Require(file, name, parameter.shape);
            parameter.copy_(file.Read(name));
        }
    }

    /// <summary>The principal directions of the patches, the largest first, each scaled to unit variance.</summary>
    private void Whiten(Parameter weight, Tensor patches)
    {
        var mean = patches.mean([0]);                                                                                // (3·p·p)
        var centred = patches - mean;
        var (values, vectors) = linalg.eigh(centred.t().matmul(centred).Over(patches.shape[0]));                     // rising
        using TorchSharp.Scalar zero = 0;
        var rows = Math.Min(weight.shape[0], values.shape[0]);
        var directions = (vectors.t() / values.clamp_min(zero).Plus(LeastVariance).sqrt().unsqueeze(1)).flip(0).narrow(0, 0, rows);
        weight.narrow(0, 0, rows).copy_(directions.reshape(rows, 3, weight.shape[2], weight.shape[3]));
        if (_parameters.TryGetValue(PatchBias, out var bias)) bias.narrow(0, 0, rows).copy_(-directions.matmul(mean));
    }

    /// <summary>Sines and cosines of row and column, from half a wave over the image to one over two cells.</summary>
    private static void WritePositions(Span<float> table, int grid, int width)
    {
        var quarter = width / 4;
        for (var cell = 0; cell < grid * grid; cell++)
            for (var k = 0; k < quarter; k++)
            {
                var octave = -1 + (Math.Log2(grid) * k / Math.Max(1, quarter - 1));
                var frequency = Math.PI * Math.Pow(2, octave) / Math.Max(1, grid - 1);
                var (row, column) = (cell / grid * frequency, cell % grid * frequency);
                double[] waves = [Math.Sin(row), Math.Cos(row), Math.Sin(column), Math.Cos(column)];
                for (var wave = 0; wave < waves.Length; wave++)
                    table[(cell * width) + (wave * quarter) + k] = (float)(PositionAmplitude * waves[wave]);
            }
    }
}
