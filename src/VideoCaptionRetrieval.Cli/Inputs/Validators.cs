using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Checks of option values while the command line is parsed. What is no number is left to the parser's own message.</summary>
internal static class Validators
{
    /// <summary>Refuses a comma in every option of a command, and of its subcommands, that takes a number: the parser would read 1,5 as 15.</summary>
    internal static void RefuseCommas(Command command)
    {
        foreach (var option in command.Options.Where(option => Fractions.Contains(option.ValueType))) option.Validators.Add(HasNoComma);
        foreach (var inner in command.Subcommands) RefuseCommas(inner);
    }

    private static readonly Type[] Fractions = [typeof(double), typeof(double?), typeof(double[])];

    private static void HasNoComma(OptionResult result)
    {
        foreach (var token in result.Tokens.Where(token => token.Value.Contains(',', StringComparison.Ordinal)))
            result.AddError($"{result.Option.Name}: found '{token.Value}', expected a number with a point, such as 1.5.");
    }

    /// <summary>A whole number from <paramref name="minimum"/> on.</summary>
    internal static Action<OptionResult> AtLeast(int minimum) => result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && value < minimum)
            result.AddError($"{result.Option.Name}: found {value}, expected {minimum} or more.");
    };

    /// <summary>A whole number between two bounds, which may be reached.</summary>
    internal static Action<OptionResult> WholeBetween(int minimum, int maximum) => result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && (value < minimum || value > maximum))
            result.AddError($"{result.Option.Name}: found {value}, expected {minimum} to {maximum}.");
    };

    /// <summary>
    /// Paths, of which any number may follow: a misspelt option would be taken for one. A file whose name begins with '-' is still taken.
    /// </summary>
    internal static Action<SymbolResult> Paths() => result =>
    {
        foreach (var token in result.Tokens)
            if (token.Value is ['-', _, ..] && !Path.Exists(token.Value))
                result.AddError($"'{token.Value}' is no option of this command, and no file of that name exists.");
    };

    /// <summary>A text that says something.</summary>
    internal static Action<ArgumentResult> Text() => result =>
    {
        if (result.Tokens is [var token] && string.IsNullOrWhiteSpace(token.Value)) result.AddError($"{result.Argument.Name} is empty; expected a text to search for.");
    };

    /// <summary>A positive, finite number.</summary>
    internal static Action<OptionResult> Positive() => result =>
    {
        if (result.Tokens is [var token] && double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && !(value > 0 && double.IsFinite(value)))
            result.AddError(Invariant($"{result.Option.Name}: found {value}, expected a number above 0."));
    };

    /// <summary>A number between two bounds, which may be reached.</summary>
    internal static Action<OptionResult> Between(double least, double most) => result =>
    {
        if (result.Tokens is [var token] && double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && !(value >= least && value <= most))
            result.AddError(most == double.MaxValue
                ? Invariant($"{result.Option.Name}: found {value}, expected a number of at least {least}.")
                : Invariant($"{result.Option.Name}: found {value}, expected a number from {least} to {most}."));
    };
}
