using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>What a command line says about decoding; null = what the captioner's kind was published with.</summary>
internal sealed record DecodingSettings(int? Beams, int? MinLength, int? MaxLength, string? Prompt, double? TopP, int? Seed)
{
    /// <summary>These settings over the published ones.</summary>
    /// <exception cref="UsageException">The values do not fit together.</exception>
    internal GenerationOptions Over(GenerationOptions published)
    {
        var options = published.Copy();
        options.TopP = TopP;
        options.Beams = Beams ?? (TopP is null ? published.Beams : 1);
        options.MaxLength = MaxLength ?? published.MaxLength;
        options.MinLength = MinLength ?? Math.Min(published.MinLength, options.MaxLength);
        options.Prompt = Prompt;
        options.Seed = Seed ?? published.Seed;
        return options.MinLength <= options.MaxLength
            ? options
            : throw new UsageException($"--min-length: found {options.MinLength}, expected no more than the greatest length, {options.MaxLength}.");
    }
}
