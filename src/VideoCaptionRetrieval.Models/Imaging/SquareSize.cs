using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>Reads the size of square images from a configuration.</summary>
internal static class SquareSize
{
    /// <summary>Largest size in pixels, beyond any published checkpoint; protects buffer sizes against damaged files.</summary>
    internal const int MaxPixels = 4096;

    /// <summary>Reads a size in pixels, 1 to <see cref="MaxPixels"/>.</summary>
    /// <exception cref="ModelFileException">The value is missing or out of range.</exception>
    internal static int Pixels(ConfigurationSection config, string key)
    {
        var pixels = config.Integer(key, missing: 0, minimum: 1, maximum: MaxPixels);
        return pixels > 0 ? pixels : throw config.Unexpected(key, $"a whole number of pixels from 1 to {MaxPixels}");
    }

    /// <summary>Reads the side of a square in pixels: a number, {"height", "width"}, or a number under <paramref name="edgeKey"/>.</summary>
    /// <exception cref="ModelFileException">The value is missing, out of range, or not square.</exception>
    internal static int Read(ConfigurationSection config, string key, string? edgeKey = null)
    {
        if (!config.HasSection(key)) return Pixels(config, key);
        var sides = config.Section(key);
        if (edgeKey is not null && sides.Keys.Where(sides.Has).SequenceEqual([edgeKey])) return Pixels(sides, edgeKey);
        if (!sides.Has("height") || !sides.Has("width")) throw config.Unexpected(key, "a number, or \"height\" and \"width\"");
        var (height, width) = (Pixels(sides, "height"), Pixels(sides, "width"));
        return height == width ? height : throw config.Unexpected(key, $"a square (found {height}x{width})");
    }
}
