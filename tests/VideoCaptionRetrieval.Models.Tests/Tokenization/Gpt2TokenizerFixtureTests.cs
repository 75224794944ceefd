using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

[Trait("Category", "Fixtures")]
public sealed class Gpt2TokenizerFixtureTests
{
    public static TheoryData<string> Cases => FixtureCase.OfKind("tokenizer-gpt2");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void EncodeAndDecode_ReferenceLines_SameIdsAndTexts(string row)
    {
        var fixture = FixtureCase.Open(row);
        Assert.False(fixture.Options["add_prefix_space"]!.GetValue<bool>());
        var tokenizer = Gpt2Tokenizer.Load(fixture.Model);
        TokenizerLines.AssertSame(fixture, text => tokenizer.Encode(text),
            ("decoded", ids => tokenizer.Decode(ids, skipSpecial: false)),
            ("decoded_skip_special", ids => tokenizer.Decode(ids)));
    }
}
