using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Tests.Data;

public sealed class VideoClipSetTests
{
    [Fact]
    public void Add_SameClipUnderSpellingsOfItsNameAndPath_IsTheFirst()
    {
        var (set, first) = (new VideoClipSet(), new VideoClip("clips/a", "a.mp4", 1, double.NaN));
        Assert.Same(first, set.Add(first));
        Assert.Same(first, set.Add(new("./clips//a", Path.GetFullPath("a.mp4"), 1, double.NaN)));
        var other = new VideoClip("clips/a#0-1", "a.mp4", 0, 1);
        Assert.Same(other, set.Add(other));
    }

    [Fact]
    public void Add_OtherFileOrBounds_NamesBoth()
    {
        var set = new VideoClipSet();
        set.Add(new("a", "a.mp4", 0.5, 2));
        foreach (var clip in new VideoClip[] { new("a", "b.mp4", 0.5, 2), new("a", "a.mp4", 0.5, 3), new("a", "a.mp4") })
            Assert.Contains("'a.mp4' from 0.5 s to 2 s and '", Assert.Throws<InvalidDataException>(() => set.Add(clip)).Message);
    }
}
