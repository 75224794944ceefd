using System.CommandLine;
using System.CommandLine.Parsing;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>Checks of option values while the command line is parsed.</summary>
internal static class Validators
{
    /// <summary>A whole number from <paramref name="minimum"/> on.</summary>
    internal static Action<OptionResult> AtLeast(int minimum) => result =>
    {
        if (result.GetValueOrDefault<int?>() is { } value && value < minimum)
            result.AddError($"{result.IdentifierToken?.Value ?? result.Option.Name}: found {value}, expected {minimum} or more.");
    };

    /// <summary>A positive, finite number.</summary>
    internal static Action<OptionResult> Positive() => result =>
    {
        if (result.GetValueOrDefault<double?>() is { } value && !(value > 0 && double.IsFinite(value)))
            result.AddError($"{result.IdentifierToken?.Value ?? result.Option.Name}: found {value}, expected a number above 0.");
    };
}
