using VideoCaptionRetrieval.Experiments.ShapeWorld;

namespace VideoCaptionRetrieval.Experiments.Tests.ShapeWorld;

public sealed class StillImagesTests
{
    [Fact]
    public void Draw_SameSeed_SamePixelsAndWords()
    {
        var (first, second) = (new StillImages(5).AltText(40, new()), new StillImages(5).AltText(40, new()));
        Assert.Equal(first.Images.Pixels, second.Images.Pixels);
        Assert.Equal(first.Captions, second.Captions);
        Assert.NotEqual(first.Images.Pixels, new StillImages(6).AltText(40, new()).Images.Pixels);
    }

    [Fact]
    public void Paint_CanvasThatHeldOtherPictures_SamePixelsToTheBit()
    {
        var used = new Canvas(StillImages.Size);
        for (var i = 0; i < 20; i++)
        {
            var fresh = new Canvas(StillImages.Size);
            foreach (var canvas in new[] { fresh, used })
            {
                var random = new RandomStream(3, "canvas", i);
                StillScene.Draw(random, objects: 2).Paint(random, canvas);
            }
            Assert.Equal(fresh.Pixels, used.Pixels);
        }
    }

    [Fact]
    public void Draw_MoreImages_BeginWithTheFirstOnes()
    {
        var (few, many) = (new StillImages(5).Careful(10), new StillImages(5).Careful(50));
        Assert.Equal(few.Images.Pixels, many.Images.Pixels[..few.Images.Pixels.Length]);
        Assert.Equal(few.Captions, many.Captions.Take(10));
    }

    [Fact]
    public void Draw_DifferentSets_ShareNoImage()
    {
        var stills = new StillImages(5);
        var all = new[] { stills.Tagged(200).Images.Pixels, stills.AltText(200, new()).Images.Pixels, stills.Careful(200).Images.Pixels }
            .SelectMany(pixels => pixels.Chunk(StillImages.Bytes)).Select(Convert.ToHexString).ToList();
        Assert.Equal(600, all.Distinct().Count());
    }

    [Fact]
    public void Tagged_Tags_AreWithinTheirClassesAndAllOccur()
    {
        var tags = new StillImages(2).Tagged(800).Tags;
        for (var k = 0; k < StillImages.TagClasses.Count; k++)
            Assert.Equal(Enumerable.Range(0, StillImages.TagClasses[k]), tags.Select(tag => tag[k]).Distinct().Order());
    }

    [Fact]
    public void Careful_TwoThings_RelationIsTrueOfTheirPlaces()
    {
        var checkedRelations = 0;
        for (var i = 0; i < 300; i++)
        {
            var still = StillScene.Draw(new(4, "places", i), objects: 2);
            var caption = StillSentences.WriteCareful(new(4, "words", i), still);
            if (!caption.Contains(" left of ", StringComparison.Ordinal)) continue;
            var left = still.Places.MinBy(place => place.X);
            var first = Vocabulary.Kinds[still.Objects[still.Places.ToList().IndexOf(left)].Kind][0];
            Assert.Contains(first, caption[..caption.IndexOf(" left of ", StringComparison.Ordinal)]);
            checkedRelations++;
        }
        Assert.InRange(checkedRelations, 20, 150);
    }
}
