using TorchSharp;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Objective;
using VideoCaptionRetrieval.Torch.Training;
using VideoCaptionRetrieval.Torch.Training.Data;
using VideoCaptionRetrieval.Video;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

/// <summary>Pairs that are no negatives: which ones, and what becomes of loss, gradients and drawn negatives.</summary>
public sealed class FalseNegativeMaskTests : IDisposable
{
    private const int B = 5;
    private static readonly bool[,] _mask = Mask((0, 1), (0, 3), (2, 4));
    private readonly DisposeScope _scope;

    public FalseNegativeMaskTests()
    {
        TorchRuntime.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    private static bool[,] Mask(params (int I, int J)[] pairs)
    {
        var mask = new bool[B, B];
        foreach (var (i, j) in pairs) (mask[i, j], mask[j, i]) = (true, true);
        return mask;
    }

    private static TrainingItem Item(string id, string path, params string[] captions) => new(new(id, path), captions);

    [Fact]
    public void Compute_PartsAndEqualCaptions_MaskedAsTheRuleSays()
    {
        TrainingItem[] items = [Item("a#0-1", "a.mp4", "x", "y"), Item("b", "b.mp4", "z"), Item("a#1-2", "./a.mp4", "w"), Item("c", "c.mp4", "y"), Item("d", "d.mp4", "v")];
        // Captions x y | z | w | y | v
        var ids = new long[,] { { 1, 0 }, { 2, 0 }, { 3, 0 }, { 4, 0 }, { 2, 0 }, { 2, 1 } };

        Assert.Null(FalseNegativeMask.Compute(items, ids, FalseNegatives.Keep));
        Assert.Equal(Mask((0, 2)), FalseNegativeMask.Compute(items, ids, FalseNegatives.MaskSameFile));
        Assert.Equal(Mask((0, 2), (0, 3)), FalseNegativeMask.Compute(items, ids, FalseNegatives.MaskSameFileAndCaption));
        Assert.Null(FalseNegativeMask.Compute([items[1], items[3]], new long[,] { { 3, 0 }, { 2, 0 } }, FalseNegatives.MaskSameFileAndCaption));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Symmetric_Masked_LossAndGradientsOfPlainLoops(bool allOfOneRow)
    {
        var mask = allOfOneRow ? Mask((0, 1), (0, 2), (0, 3), (0, 4)) : _mask;
        using var generator = new Generator(3);
        var phi = rand(B, B, dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var logScale = tensor(1.7, dtype: ScalarType.Float64).requires_grad_();

        using var loss = InfoNce.Symmetric(phi, logScale, tensor(mask));
        loss.Combine(BidirectionalLoss.Sum).backward();

        var (rows, columns, gradient, ofScale) = Plain(phi, 1.7, mask);
        Assert.Equal(rows, loss.VideoToCaption.item<double>(), 1e-12);
        Assert.Equal(columns, loss.CaptionToVideo.item<double>(), 1e-12);
        var got = phi.grad!.data<double>().ToArray();
        for (var i = 0; i < B; i++)
            for (var j = 0; j < B; j++) Assert.Equal(gradient[i, j], got[(i * B) + j], 1e-12);
        Assert.Equal(ofScale, logScale.grad!.item<double>(), 1e-12);
    }

    /// <summary>−(1/B) Σ_b (s·Φ_bb − ln Σ_j exp(s·Φ_bj)), j over what is not masked, and its derivatives, number by number.</summary>
    private static (double Rows, double Columns, double[,] Gradient, double OfScale) Plain(Tensor phi, double logScale, bool[,] mask)
    {
        var (values, s, gradient, ofScale) = (phi.detach().data<double>().ToArray(), Math.Exp(logScale), new double[B, B], 0.0);
        double Of(int i, int j) => values[(i * B) + j];
        double Direction(Func<int, int, (int I, int J)> place)
        {
            var loss = 0.0;
            for (var b = 0; b < B; b++)
            {
                var sum = 0.0;
                for (var j = 0; j < B; j++)
                    if (place(b, j) is var (row, column) && !mask[row, column]) sum += Math.Exp(s * Of(row, column));
                loss -= ((s * Of(b, b)) - Math.Log(sum)) / B;
                for (var j = 0; j < B; j++)
                {
                    var (row, column) = place(b, j);
                    var share = mask[row, column] ? 0 : Math.Exp(s * Of(row, column)) / sum;
                    var slope = (share - (j == b ? 1 : 0)) / B;
                    gradient[row, column] += s * slope;
                    ofScale += s * Of(row, column) * slope;
                }
            }
            return loss;
        }
        var (rows, columns) = (Direction((b, j) => (b, j)), Direction((b, j) => (j, b)));
        return (rows, columns, gradient, ofScale);
    }

    [Fact]
    public void Symmetric_MaskedPair_TakesNoGradientAndOthersLessLoss()
    {
        var phi = ones(B, B, dtype: ScalarType.Float64).requires_grad_();
        var logScale = tensor(0.0, dtype: ScalarType.Float64);
        using var all = InfoNce.Symmetric(phi, logScale);
        using var masked = InfoNce.Symmetric(phi, logScale, tensor(Mask((0, 1), (2, 3))));
        Assert.Equal(Math.Log(5), all.VideoToCaption.item<double>(), 1e-12);
        Assert.Equal(((4 * Math.Log(4)) + Math.Log(5)) / 5, masked.VideoToCaption.item<double>(), 1e-12);
    }

    [Fact]
    public void Draw_Masked_NeverAMaskedPairAndNoneWhereNothingIsLeft()
    {
        int[] owners = [0, 1, 1, 2, 3, 4];
        var logits = new float[B, owners.Length];
        for (var i = 0; i < B; i++)
            for (var k = 0; k < owners.Length; k++) logits[i, k] = _mask[i, owners[k]] ? 50 : 0;       // by far the likeliest, if they could be drawn
        for (var seed = 0; seed < 100; seed++)
        {
            var draws = new DrawSequence(seed, 0, "pairs");
            var pairs = HardNegativePairs.Draw(logits, owners, ref draws, _mask);
            var negatives = pairs.Video.Zip(pairs.Caption, pairs.Matches).Where(pair => !pair.Third).ToList();
            Assert.Equal(B + owners.Length, negatives.Count);
            Assert.All(negatives, pair => Assert.False(_mask[pair.First, owners[pair.Second]] || pair.First == owners[pair.Second]));
        }
        var alone = new DrawSequence(1, 0, "pairs");
        var left = HardNegativePairs.Draw(logits, owners, ref alone, Mask((0, 1), (0, 2), (0, 3), (0, 4)));
        Assert.DoesNotContain(left.Video.Zip(left.Caption, left.Matches), pair => !pair.Third && (pair.First == 0 || owners[pair.Second] == 0));
    }
}
