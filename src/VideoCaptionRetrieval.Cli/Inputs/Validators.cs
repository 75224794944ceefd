using System.CommandLine.Parsing;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Checks of option values while the command line is parsed. What is no number is left to the parser's own message.</summary>
internal static class Validators
{
    /// <summary>A whole number from <paramref name="minimum"/> on.</summary>
    internal static Action<OptionResult> AtLeast(int minimum) => result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < minimum)
            result.AddError($"{result.Option.Name}: found {value}, expected {minimum} or more.");
    };

    /// <summary>A positive, finite number.</summary>
    internal static Action<OptionResult> Positive() => result =>
    {
        if (result.Tokens is [var token] && double.TryParse(token.Value, out var value) && !(value > 0 && double.IsFinite(value)))
            result.AddError(Invariant($"{result.Option.Name}: found {value}, expected a number above 0."));
    };

    /// <summary>A number between two bounds, which may be reached.</summary>
    internal static Action<OptionResult> Between(double least, double most) => result =>
    {
        if (result.Tokens is [var token] && double.TryParse(token.Value, out var value) && !(value >= least && value <= most))
            result.AddError(most == double.MaxValue
                ? Invariant($"{result.Option.Name}: found {value}, expected a number of at least {least}.")
                : Invariant($"{result.Option.Name}: found {value}, expected a number from {least} to {most}."));
    };
}
