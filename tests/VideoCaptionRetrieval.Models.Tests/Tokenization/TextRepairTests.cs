using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

public sealed class TextRepairTests
{
    [Theory]
    [InlineData("schÃ¶n", "schön")]
    [InlineData("cafÃ© 5", "café 5")]
    [InlineData("Ð¤Ð¾Ñ‚Ð¾", "Фото")]
    [InlineData("itâ€™s", "it's")]
    [InlineData("ÃƒÂ©", "é")]                         // two layers
    [InlineData("日本 schÃ¶n", "日本 schön")]           // beside text that is whole
    [InlineData("Ã  la carte", "à la carte")]
    [InlineData("Charlotte Brontë…”", "Charlotte Brontë…\"")]
    [InlineData("SÃO PAULO", "SÃO PAULO")]
    [InlineData("IKEA® Å™", "IKEA® Å™")]
    [InlineData("c1 \u0093q\u0094", "c1 \"q\"")]
    [InlineData("ﬁne Ǆ ＡＢ", "fine DŽ AB")]
    [InlineData("\u001b[31mred\u001b[0m\u0007", "red")]
    [InlineData("e\u0301 \r\n\u2028", "é \n\n")]
    [InlineData("&EACUTE; &eacute; &#8364; &nope;", "É é € &nope;")]
    [InlineData("<b>&lt;", "<b>&lt;")]
    public void Repair_Text_AsExpected(string text, string expected) => Assert.Equal(expected, TextRepair.Repair(text));

    [Fact]
    public void Repair_HalfSurrogatePair_BecomesReplacement() => Assert.Equal("\ufffd x 😀", TextRepair.Repair("\ud83d x 😀"));

    [Theory]
    [InlineData("&lt;&amp;amp;", "<&amp;")]
    [InlineData("&notit; &NotEqualTilde;", "¬it; ≂\u0338")]
    [InlineData("&#0;&#x80;&#xD800;&#99999999999;&#1;&#xFFFE;&#13;", "\ufffd€\ufffd\ufffd\r")]
    [InlineData("& &; &#; &#x;", "& &; &#; &#x;")]
    public void Decode_Html_AsInTheStandard(string text, string expected) => Assert.Equal(expected, HtmlText.Decode(text));

    [Theory]
    [InlineData("e\u0301", "é")]
    [InlineData("a\u0323\u0307", "ạ\u0307")]
    [InlineData("a\u0307\u0323", "ạ\u0307")]            // marks in the wrong order
    [InlineData("\u1112\u1161\u11ab", "한")]
    [InlineData("\ud558\u11ab", "한")]
    [InlineData("\u212b \u2126", "\u00c5 \u03a9")]
    [InlineData("\u0958", "\u0915\u093c")]              // excluded from composition
    [InlineData("plain é", "plain é")]
    public void Compose_Text_FormC(string text, string expected) => Assert.Equal(expected, CanonicalComposition.Compose(text));

    [Theory]
    [InlineData("ΟΔΟΣ ΣΟΣ Σ", true, "οδος σος σ")]
    [InlineData("ΟΔΟΣ", false, "οδοσ")]
    [InlineData("ΑΣ. Α", true, "ας. α")]
    [InlineData("İ", true, "i\u0307")]
    [InlineData("\U00010400", true, "\U00010428")]
    public void LowerCase_FullMapping_AsExpected(string text, bool finalSigma, string expected) =>
        Assert.Equal(expected, LowerCase.Convert(text, finalSigma));
}
