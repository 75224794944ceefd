using System.Globalization;
using Microsoft.ML;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Sampling;

[Trait("Category", ForeignCulture.Category)]
public sealed class ClipColumnsTests
{
    [Theory]
    [InlineData("0.1")]
    [InlineData("2.35")]
    [InlineData("1234.567")]
    [InlineData("0")]
    [InlineData("1e-3")]
    public void CreateReader_BoundOfAFewDigits_IsTheDoubleOfTheList(string written)
    {
        AssertReadsBack(written);
        using var culture = new ForeignCulture();
        AssertReadsBack(written);
    }

    private static void AssertReadsBack(string written)
    {
        var context = new MLContext();
        var clip = new VideoClip("v", "v.mp4", double.Parse(written, CultureInfo.InvariantCulture), double.NaN);
        var view = context.Data.LoadFromVideoClips([clip]);
        var columns = new ClipColumns("VideoPath", "VideoId", "ClipStart", "ClipEnd");
        using var cursor = view.GetRowCursor(columns.In(view.Schema));
        var read = columns.CreateReader(cursor);
        Assert.True(cursor.MoveNext());
        Assert.Equal(clip, read());
    }
}
