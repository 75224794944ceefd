using System.Runtime.CompilerServices;

namespace VideoCaptionRetrieval.Models;

/// <summary>Collects the faults of a set of options, so that one error lists all of them.</summary>
public sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    /// <summary>Adds a fault unless a condition holds.</summary>
    /// <param name="isValid">Whether the option is right.</param>
    /// <param name="fault">What was found, and what was expected.</param>
    public void Require(bool isValid, FormattableString fault)
    {
        if (!isValid) _faults.Add(Invariant(fault));
    }

    /// <summary>Requires a text with at least one character.</summary>
    public void RequireText(string? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Require(!string.IsNullOrEmpty(value), $"{name} is empty");

    /// <summary>Requires a number that is not below a minimum.</summary>
    public void RequireAtLeast(long value, long minimum, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Require(value >= minimum, $"{name} is '{value}', expected at least {minimum}");

    /// <summary>Requires a value that the enum defines.</summary>
    public void RequireDefined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, Enum =>
        Require(Enum.IsDefined(value), $"{name} is '{value}'");

    /// <summary>Adds the faults of options inside these.</summary>
    public void AddRange(IEnumerable<string> faults) => _faults.AddRange(faults);

    /// <summary>Throws where there is any fault.</summary>
    /// <param name="subject">Whose options these are, such as "The frame sampler's".</param>
    /// <exception cref="ArgumentException">There is a fault; the message lists every one.</exception>
    public void ThrowIfAny(string subject)
    {
        if (_faults.Count > 0) throw new ArgumentException($"{subject} options are not valid: {string.Join("; ", _faults)}.");
    }
}
