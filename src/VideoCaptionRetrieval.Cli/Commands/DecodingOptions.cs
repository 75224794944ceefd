using System.CommandLine;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>Options of how captions are decoded.</summary>
internal sealed class DecodingOptions
{
    private readonly Option<int?> _beams = new("--beams") { Description = $"Beams; 1 is greedy. {GenerationOptions.DefaultBeams} by default." };
    private readonly Option<int?> _minLength = new("--min-length") { Description = $"Fewest tokens, start and prompt included. {GenerationOptions.DefaultMinLength} by default." };
    private readonly Option<int?> _maxLength = new("--max-length") { Description = $"Most tokens, start and prompt included. {GenerationOptions.DefaultMaxLength} by default." };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "Text that captions go on from; it is cut from them. None by default." };

    internal void AddTo(Command command)
    {
        _beams.Validators.Add(Validators.AtLeast(1));
        _minLength.Validators.Add(Validators.AtLeast(0));
        _maxLength.Validators.Add(Validators.AtLeast(1));
        foreach (var option in new Option[] { _beams, _minLength, _maxLength, _prompt }) command.Options.Add(option);
    }

    /// <exception cref="UsageException">The values do not fit together.</exception>
    internal GenerationOptions Read(ParseResult parsed)
    {
        var options = new GenerationOptions { Prompt = parsed.GetValue(_prompt) };
        if (parsed.GetValue(_beams) is { } beams) options.Beams = beams;
        if (parsed.GetValue(_maxLength) is { } maxLength) options.MaxLength = maxLength;
        options.MinLength = parsed.GetValue(_minLength) ?? Math.Min(options.MinLength, options.MaxLength);
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
        return options;
    }
}
