using System.CommandLine;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Options of how captions are decoded.</summary>
internal sealed class DecodingOptions
{
    private readonly Option<int?> _beams = Optional("--beams", "N",
        $"Beams of the beam search; 1 is greedy. Default as published: BLIP {GenerationOptions.DefaultBeams}, ClipCap 1.", minimum: 1);

    private readonly Option<int?> _minLength = Optional("--min-length", "N",
        $"Minimum tokens of a caption, start and prompt included. Default as published: BLIP {GenerationOptions.DefaultMinLength}.", minimum: 0);

    private readonly Option<int?> _maxLength = Optional("--max-length", "N",
        $"Maximum tokens of a caption, start and prompt included. Default as published: BLIP {GenerationOptions.DefaultMaxLength}, ClipCap 67.", minimum: 2);

    private readonly Option<string?> _prompt = new("--prompt")
    {
        Description = "Text that every caption continues, such as 'a picture of'; it is cut from the captions.",
        HelpName = "TEXT",
    };

    private readonly Option<double?> _topP = new("--top-p")
    {
        Description = "Sample tokens from the most probable ones, up to a total probability of P (nucleus sampling), instead of beam search.",
        HelpName = "P",
    };

    private readonly Option<int?> _seed = new("--caption-seed") { Description = "Seed of --top-p; default 1.", HelpName = "N" };

    internal void AddTo(Command command)
    {
        _topP.Validators.Add(result =>
        {
            if (result.GetValue(_topP) is not (> 0 and <= 1)) result.AddError(Invariant($"--top-p: found '{result.GetValue(_topP)}', expected a number above 0, at most 1."));
        });
        foreach (var option in new Option[] { _beams, _minLength, _maxLength, _prompt, _topP, _seed }) command.Options.Add(option);
    }

    /// <exception cref="UsageException">The values do not fit together.</exception>
    internal DecodingSettings Read(ParseResult parsed)
    {
        var (shortest, longest, beams, topP) = (parsed.GetValue(_minLength), parsed.GetValue(_maxLength), parsed.GetValue(_beams), parsed.GetValue(_topP));
        if (shortest > longest) throw new UsageException($"--min-length: found {shortest}, expected no more than --max-length, {longest}.");
        if (topP is not null && beams > 1) throw new UsageException($"--top-p: tokens are drawn with one beam, found --beams {beams}.");
        return new(beams, shortest, longest, parsed.GetValue(_prompt), topP, parsed.GetValue(_seed));
    }

    private static Option<int?> Optional(string name, string help, string description, int minimum)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = help };
        option.Validators.Add(Validators.AtLeast(minimum));
        return option;
    }
}

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
