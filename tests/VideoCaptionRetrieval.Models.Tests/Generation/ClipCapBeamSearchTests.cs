using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Tests.Generation;

public sealed class ClipCapBeamSearchTests
{
    private const int EndId = 2;

    [Theory]
    [InlineData(2, 12, 0)]
    [InlineData(5, 20, 2)]
    [InlineData(5, 9, 5)]
    public void Run_SeededTables_SameAsAPlainSearchOfEachImage(int beams, int maxLength, double endBonus)
    {
        var generation = new ResolvedGeneration(beams, 0, maxLength, 1, 0, 1, EndId) { Variant = BeamSearchVariant.ClipCap };
        for (var seed = 0; seed < 20; seed++)
        {
            using var decoder = new TableDecoder(images: 6, vocabulary: 200, seed, endBonus, EndId);
            var images = new ClipCapBeamSearch(decoder, [7], generation).Run(CancellationToken.None);
            for (var image = 0; image < images.Length; image++)
            {
                var expected = Plain(ids => decoder.Logits(image, ids), [7], generation);
                Assert.Equal(expected.Select(beam => beam.Ids), images[image].Select(beam => beam.Ids));
                for (var beam = 0; beam < beams; beam++) Assert.Equal(expected[beam].Score, images[image][beam].Score, 1e-4);
            }
            var first = TextGenerator.Generate(new TableDecoder(6, 200, seed, endBonus, EndId), [7], generation, CancellationToken.None);
            Assert.Equal(images.Select(ranked => ranked[0].Ids), first.Select(text => text.Ids));
        }
    }

    /// <summary>All beams of one image, best first, in plain loops over whole texts.</summary>
    private static List<(int[] Ids, double Score)> Plain(Func<int[], float[]> logits, int[] prompt, ResolvedGeneration generation)
    {
        var beams = new List<(int[] Ids, double Sum, bool Stopped)> { (prompt, 0, false) };
        int Generated(int[] ids) => ids.Length - prompt.Length;
        for (var length = prompt.Length; length < generation.MaxLength && beams.Any(beam => !beam.Stopped); length++)
        {
            var candidates = new List<(int[] Ids, double Sum, bool Stopped)>();
            foreach (var beam in beams)
            {
                if (beam.Stopped)
                {
                    candidates.Add(beam);
                    continue;
                }
                var row = logits(beam.Ids);
                var logSum = Math.Log(row.Sum(x => Math.Exp(x)));
                candidates.AddRange(row.Select((x, token) => ((int[])[.. beam.Ids, token], beam.Sum + x - logSum, token == generation.EndId)));
            }
            beams = [.. candidates.OrderByDescending(beam => beam.Sum / Generated(beam.Ids)).Take(generation.Beams)];
        }
        return [.. beams.Select(beam => (beam.Ids, Score: beam.Sum / Generated(beam.Ids))).OrderByDescending(beam => beam.Score)];
    }
}
