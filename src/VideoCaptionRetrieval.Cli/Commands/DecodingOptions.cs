using System.CommandLine;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>Options of how captions are decoded.</summary>
internal sealed class DecodingOptions
{
    private readonly Option<int> _beams = CommonOptions.Whole(
        "--beams", "Beams of the search for a caption; 1 is greedy.", GenerationOptions.DefaultBeams, minimum: 1);

    private readonly Option<int?> _minLength = new("--min-length")
    {
        Description = $"Fewest tokens of a caption, start and prompt included; {GenerationOptions.DefaultMinLength} by default.",
        HelpName = "N",
    };

    private readonly Option<int> _maxLength = CommonOptions.Whole(
        "--max-length", "Most tokens of a caption, start and prompt included.", GenerationOptions.DefaultMaxLength, minimum: 2);

    private readonly Option<string?> _prompt = new("--prompt")
    {
        Description = "Text that every caption goes on from, such as 'a picture of'; it is cut from the captions.",
        HelpName = "TEXT",
    };

    internal void AddTo(Command command)
    {
        _minLength.Validators.Add(Validators.AtLeast(0));
        foreach (var option in new Option[] { _beams, _minLength, _maxLength, _prompt }) command.Options.Add(option);
    }

    /// <exception cref="UsageException">The values do not fit together.</exception>
    internal GenerationOptions Read(ParseResult parsed)
    {
        var longest = parsed.GetValue(_maxLength);
        var shortest = parsed.GetValue(_minLength) ?? Math.Min(GenerationOptions.DefaultMinLength, longest);
        return shortest <= longest
            ? new() { Beams = parsed.GetValue(_beams), MinLength = shortest, MaxLength = longest, Prompt = parsed.GetValue(_prompt) }
            : throw new UsageException($"--min-length: found {shortest}, expected no more than --max-length, {longest}.");
    }
}
