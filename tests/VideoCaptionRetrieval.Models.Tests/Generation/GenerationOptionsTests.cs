using VideoCaptionRetrieval.TestSupport;
namespace VideoCaptionRetrieval.Models.Tests.Generation;

[Trait("Category", ForeignCulture.Category)]
public sealed class GenerationOptionsTests
{
    [Fact]
    public void Validate_Defaults_Valid() => new GenerationOptions().Validate();

    [Fact]
    public void Validate_SeveralValuesOutOfRange_ListsEveryOne()
    {
        var options = new GenerationOptions
        {
            Beams = 0,
            MinLength = -1,
            MaxLength = 1,
            RepetitionPenalty = 0,
            NoRepeatNgramSize = -2,
            LengthPenalty = double.NaN,
            TopP = 1.5,
            TopK = -1,
            Temperature = 0,
            StopToken = "",
        };
        var message = Assert.Throws<ArgumentException>(options.Validate).Message;
        Assert.All(
            ["Beams is '0'", "MinLength is '-1'", "MaxLength is '1'", "RepetitionPenalty is '0'", "NoRepeatNgramSize is '-2'", "LengthPenalty is 'NaN'",
                "TopP is '1.5'", "TopK is '-1'", "Temperature is '0'", "StopToken is ''"],
            (string part) => Assert.Contains(part, message));
    }

    [Fact]
    public void Validate_MinimumAboveMaximum_NamesBoth()
    {
        var message = Assert.Throws<ArgumentException>(new GenerationOptions { MinLength = 21 }.Validate).Message;
        Assert.Contains("MinLength is '21', expected at most MaxLength, '20'", message);
    }

    [Fact]
    public void Validate_SamplingWithBeams_SaysWhatExcludesWhat() =>
        Assert.Contains("Beams is '3', expected 1, since TopP", Assert.Throws<ArgumentException>(new GenerationOptions { TopP = 0.9 }.Validate).Message);

    [Fact]
    public void ForClipCap_Now_ThePublishedSettings()
    {
        var options = GenerationOptions.ForClipCap();
        options.Validate();
        Assert.Equal((1, 0, 67), (options.Beams, options.MinLength, options.MaxLength));
    }
}
