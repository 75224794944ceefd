using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

[Trait("Category", "Fixtures")]
public sealed class WordPieceTokenizerFixtureTests
{
    public static TheoryData<string> Cases => FixtureCase.OfKind("tokenizer-bert");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void EncodeAndDecode_ReferenceLines_SameIdsAndTexts(string row)
    {
        var fixture = FixtureCase.Open(row);
        Assert.True(Flag(fixture, "do_lower_case") && Flag(fixture, "add_special_tokens"), $"{fixture.Name} has an option with another value than true");
        var tokenizer = WordPieceTokenizer.Load(fixture.Model);
        TokenizerLines.AssertSame(fixture, text => tokenizer.Encode(text),
            ("decoded", ids => tokenizer.Decode(ids, skipSpecialTokens: false, cleanUp: false)),
            ("decoded_skip_special", ids => tokenizer.Decode(ids, skipSpecialTokens: true, cleanUp: false)),
            ("decoded_clean_up", ids => tokenizer.Decode(ids, skipSpecialTokens: true, cleanUp: true)));
    }

    private static bool Flag(FixtureCase fixture, string option) => fixture.Options[option]?.GetValue<bool>() ?? true;
}
