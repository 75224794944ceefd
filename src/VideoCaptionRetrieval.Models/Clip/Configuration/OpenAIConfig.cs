using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Clip.Configuration;

/// <summary>
/// Derives the sizes of an OpenAI checkpoint from the shapes of its tensors; heads are 64 wide, as in all published models.
/// </summary>
internal static class OpenAIConfig
{
    private const int HeadWidth = 64;
    private const int ExpansionOfPublished = 4;

    /// <exception cref="ModelFileException">A tensor is missing or has an impossible shape, or the image tower is a ResNet.</exception>
    internal static ClipConfig Read(WeightsFile file)
    {
        var entries = file.Entries;
        if (entries.Keys.Any(name => name.StartsWith("visual.layer1.", StringComparison.Ordinal)))
        {
            throw new ModelFileException(file.Path,
                "the image tower is a ResNet (RN50 and its like); implemented is only CLIP with a vision transformer "
                + "(ViT-B/32, ViT-B/16, ViT-L/14 and their like).");
        }
        var patches = Shape(file, "visual.conv1.weight", 4);
        var positions = Shape(file, "visual.positional_embedding", 2);
        var grid = (int)Math.Sqrt(positions[0] - 1);
        if (positions[0] != (grid * grid) + 1L || grid < 1)
            throw new ModelFileException(file.Path,
                $"tensor 'visual.positional_embedding' has {positions[0]} rows; expected a square number of patches and 1.");
        var text = Shape(file, "positional_embedding", 2);
        return new(
            new(Tower(file, "transformer.", text[1]), Shape(file, "token_embedding.weight", 2)[0], text[0]),
            new(Tower(file, "visual.transformer.", patches[0]), checked(patches[3] * grid), patches[3]),
            Shape(file, "text_projection", 2)[1]);
    }

    private static ClipTowerConfig Tower(WeightsFile file, string prefix, int width)
    {
        var layers = 0;
        while (file.Entries.ContainsKey($"{prefix}resblocks.{layers}.attn.in_proj_weight")) layers++;
        var heads = width / HeadWidth;
        if (heads == 0 || width % heads != 0)
            throw new ModelFileException(file.Path,
                $"'{prefix}' is {width} wide; expected a multiple of {HeadWidth}, the width of a head.");
        var inner = layers > 0 ? Shape(file, $"{prefix}resblocks.0.mlp.c_fc.weight", 2)[0] : ExpansionOfPublished * width;
        return new(width, inner, layers, heads);
    }

    private static int[] Shape(WeightsFile file, string name, int dimensions)
    {
        var shape = file.Entry(name).Shape;
        return shape.Length == dimensions && shape.All(size => size is > 0 and <= int.MaxValue)
            ? [.. shape.Select(size => (int)size)]
            : throw new ModelFileException(file.Path,
                $"tensor '{name}' has shape [{string.Join(", ", shape)}]; expected {dimensions} sizes from 1 on.");
    }
}
