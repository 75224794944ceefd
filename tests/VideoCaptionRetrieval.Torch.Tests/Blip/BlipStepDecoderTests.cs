using TorchSharp;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Blip;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Blip;

public sealed class BlipStepDecoderTests
{
    private static readonly int Vocabulary = TinyBlip.Config.Text.VocabularySize;

    [Fact]
    public void Step_BeamsReorderedAndImagesDropped_SameLogitsAsWholeTexts()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = BlipCaptioningModel.Create(TinyBlip.Config, 5);
        var imageTokens = model.EncodeImages(randn(4, 3, TinyBlip.ImageSize, TinyBlip.ImageSize, generator: new Generator(1)));
        using var decoder = model.StartDecoding(imageTokens, maxLength: 12);
        int[] prompt = [TinyBlip.Config.Text.StartId, 5, 6];
        var rows = Enumerable.Range(0, 4).Select(image => (Image: image, Ids: prompt)).ToList();
        var logits = new float[4 * Vocabulary];
        decoder.Start(prompt, logits);
        AssertSameAsWhole(model, imageTokens, rows, logits);

        // Beams appear; then parents change; then images 1 and 0 leave and image 3 fills a hole; then nothing moves.
        (int[] Order, int RowsPerImage)[] moves = [([0, 0, 1, 1, 2, 2, 3, 3], 2), ([1, 0, 2, 2, 5, 4, 7, 7], 2), ([0, 1, 6, 7, 5, 4], 2), ([4, 5, 3, 2], 2), ([0, 1, 2, 3], 2)];
        var token = 8;
        foreach (var (order, rowsPerImage) in moves)
        {
            decoder.Reorder(order, rowsPerImage);
            rows = [.. order.Select(row => (rows[row].Image, (int[])[.. rows[row].Ids, token++ % 30]))];
            logits = new float[rows.Count * Vocabulary];
            decoder.Step([.. rows.Select(row => row.Ids[^1])], logits);
            AssertSameAsWhole(model, imageTokens, rows, logits);
        }
    }

    [Fact]
    public void Step_AloneOrAmong32_LogitsWithinOneTenThousandth()
    {
        const int Images = 32, Steps = 10;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = BlipCaptioningModel.Create(TinyBlip.Config, 5);
        var pixels = randn(Images, 3, TinyBlip.ImageSize, TinyBlip.ImageSize, generator: new Generator(1));
        var together = Logits(model, pixels, Steps);
        for (var image = 0; image < Images; image++)
        {
            var alone = Logits(model, pixels.narrow(0, image, 1), Steps);
            for (var step = 0; step <= Steps; step++)
            {
                var row = together[step].AsSpan(image * Vocabulary, Vocabulary);
                for (var token = 0; token < Vocabulary; token++) Assert.Equal(row[token], alone[step][token], 1e-4f);
            }
        }
    }

    /// <summary>Logits of every step, all texts fed the same tokens.</summary>
    private static List<float[]> Logits(BlipCaptioningModel model, Tensor pixels, int steps)
    {
        using var decoder = model.StartDecoding(model.EncodeImages(pixels), steps + 1);
        var logits = new float[decoder.Images * Vocabulary];
        decoder.Start([TinyBlip.Config.Text.StartId], logits);
        List<float[]> all = [[.. logits]];
        for (var step = 0; step < steps; step++)
        {
            decoder.Step([.. Enumerable.Repeat(5 + step, decoder.Images)], logits);
            all.Add([.. logits]);
        }
        return all;
    }

    [Fact]
    public void Dispose_AfterSteps_LeavesNoTensor()
    {
        using var model = BlipCaptioningModel.Create(TinyBlip.Config, 5);
        using var images = zeros(2, 3, TinyBlip.ImageSize, TinyBlip.ImageSize);
        DisposeScopeManager.Statistics.Reset();
        using (var scope = NewDisposeScope())
        {
            using var noGradient = no_grad();
            using var decoder = model.StartDecoding(model.EncodeImages(images), maxLength: 8);
            var logits = new float[6 * Vocabulary];
            decoder.Start([TinyBlip.Config.Text.StartId], logits.AsSpan(0, 2 * Vocabulary));
            decoder.Reorder([0, 0, 0, 1, 1, 1], rowsPerImage: 3);
            decoder.Step([5, 6, 7, 8, 9, 10], logits);
            decoder.Reorder([3, 4, 3], rowsPerImage: 3);
            decoder.Step([5, 6, 7], logits.AsSpan(0, 3 * Vocabulary));
        }
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void AssertSameAsWhole(BlipCaptioningModel model, Tensor imageTokens, List<(int Image, int[] Ids)> rows, float[] logits)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            using var scope = NewDisposeScope();
            var (image, ids) = rows[row];
            var whole = model.Logits(tensor(ids.Select(id => (long)id).ToArray()).view(1, -1), imageTokens.narrow(0, image, 1));
            var got = tensor(logits.AsSpan(row * Vocabulary, Vocabulary).ToArray());
            Assert.True(got.allclose(whole[0, -1], rtol: 1e-4, atol: 1e-4), $"row {row} of {rows.Count}");
        }
    }
}
