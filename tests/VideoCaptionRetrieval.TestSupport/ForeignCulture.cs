using System.Globalization;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>
/// Until it is disposed, the current culture writes 4,5 for 4.5 and its own minus sign, as in Germany and Sweden. Needs no ICU: it is the invariant
/// culture with other signs. What real cultures do besides, test.sh tries by running the tests of the category Culture under them.
/// </summary>
public sealed class ForeignCulture : IDisposable
{
    /// <summary>The category of tests that test.sh repeats under several cultures.</summary>
    public const string Category = "Culture";

    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    /// <summary>Sets the culture for what the calling method runs.</summary>
    public ForeignCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NegativeSign) = (",", ".", "−");
        CultureInfo.CurrentCulture = culture;
    }

    /// <inheritdoc/>
    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
