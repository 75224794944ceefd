using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Tests.Generation;

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
        };
        var message = Assert.Throws<ArgumentException>(options.Validate).Message;
        Assert.All(
            ["Beams is '0'", "MinLength is '-1'", "MaxLength is '1'", "RepetitionPenalty is '0'", "NoRepeatNgramSize is '-2'", "LengthPenalty is 'NaN'"],
            (string part) => Assert.Contains(part, message));
    }

    [Fact]
    public void Validate_MinimumAboveMaximum_NamesBoth()
    {
        var message = Assert.Throws<ArgumentException>(new GenerationOptions { MinLength = 21 }.Validate).Message;
        Assert.Contains("MinLength is '21', expected at most MaxLength, '20'", message);
    }
}
