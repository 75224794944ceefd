using TorchSharp;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Objective;
using VideoCaptionRetrieval.Torch.Training;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

public sealed class BlipTrainingStepTests : IDisposable
{
    private const int Videos = 3, Frames = 2, ImageSize = 8, Seed = 3;
    private static readonly bool[,] Mask = { { true, true }, { true, false }, { true, true } };
    private static readonly int[] Owners = [0, 0, 1, 2, 2];
    private static readonly bool[,] Masked = { { false, false, true }, { false, false, false }, { true, false, false } };
    private readonly DisposeScope _scope;

    public BlipTrainingStepTests()
    {
        TorchRuntime.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(false, 1, false)]
    [InlineData(false, 4, false)]
    [InlineData(true, 1, false)]
    [InlineData(true, 2, false)]
    [InlineData(true, 5, false)]
    [InlineData(true, 2, true)]
    [InlineData(false, 4, true)]
    public void Backward_InChunks_SameGradientsAsPlainBackpropagation(bool matching, int chunk, bool masked)
    {
        var mask = masked ? Masked : null;
        var expected = Plain(matching, mask, out var loss);
        using var model = Model();
        using var adam = Optimiser(model, 1e-3);

        var losses = Step(model, adam, matching, chunk).Backward(Batch(ScalarType.Float64) with { Masked = mask });

        Assert.Equal(loss, losses.Total, 1e-10);
        Assert.Equal(matching, losses.Matching > 0);
        Assert.NotEmpty(expected);
        foreach (var (name, gradient) in expected)
        {
            var got = model.named_parameters().Single(named => named.name == name).parameter.grad;
            var difference = (gradient - got!).abs().max().item<double>();
            Assert.True(difference <= 1e-5 * gradient.abs().max().item<double>() + 1e-12, Invariant($"{name}: {difference}"));
        }
        Assert.Equal(matching, expected.ContainsKey("itm_head.weight"));
        Assert.Equal(matching, expected.Keys.Any(name => name.Contains("crossattention", StringComparison.Ordinal)));
    }

    [Fact]
    public void Backward_SamePrecisionSeedAndStep_SameBits()
    {
        byte[] Train(int seed)
        {
            using var model = Model(ScalarType.Float32);
            using var adam = Optimiser(model, 1e-2);
            var step = new TrainingStep(model, adam, new() { ChunkSize = 2, Seed = seed, Objective = { ImageTextMatching = true } });
            for (var i = 0; i < 4; i++)
            {
                step.Backward(Batch(ScalarType.Float32) with { Step = i });
                step.Update(1);
            }
            return [.. model.named_parameters().SelectMany(named => named.parameter.bytes.ToArray())];
        }
        var expected = Train(1);
        Assert.Equal(expected, Train(1));
        Assert.Contains(Enumerable.Range(2, 5), seed => !expected.SequenceEqual(Train(seed)));
    }

    [Fact]
    public void Update_ManySteps_LossesFallAndTensorsInMemoryFlat()
    {
        using var model = Model(ScalarType.Float32);
        using var adam = Optimiser(model, 5e-3);
        var step = new TrainingStep(model, adam, new() { ChunkSize = 2, Objective = { ImageTextMatching = true } });
        var batch = Batch(ScalarType.Float32);
        TrainingLosses Step(int number)
        {
            var losses = step.Backward(batch with { Step = number });
            step.Update(1);
            return losses;
        }
        var first = Step(0);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var last = Enumerable.Range(1, 150).Select(Step).ToList()[^1];

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(last.Matching < first.Matching / 2, Invariant($"matching went from {first.Matching} to {last.Matching}"));
        Assert.True(last.Total < first.Total / 2, Invariant($"the loss went from {first.Total} to {last.Total}"));
    }

    [Fact]
    public void Constructor_MatchingWithClip_Refused()
    {
        using var model = ClipModel.Create(new(new(new(16, 32, 1, 2), 12, 6, EndOfTextId: 11), new(new(16, 32, 1, 2), ImageSize, 4), ProjectionSize: 8), seed: 4);
        using var adam = new Adam([]);
        Assert.Throws<ArgumentException>(() => new TrainingStep(model, adam, new() { Objective = { ImageTextMatching = true } }));
    }

    /// <summary>One graph of everything: what the step computes in pieces.</summary>
    private static Dictionary<string, Tensor> Plain(bool matching, bool[,]? masked, out double value)
    {
        using var model = Model();
        var batch = Batch(ScalarType.Float64);
        var states = model.EncodeImageTokens(batch.Pixels(0, Videos * Frames));
        var frames = model.ProjectImages(states).view(Videos, Frames, -1);
        var texts = model.EncodeTexts(batch.Ids);
        var captions = stack([stack([texts[0], texts[1]]), stack([texts[2], zeros_like(texts[2])]), stack([texts[3], texts[4]])]);
        var similarity = MultiCaptionQueryScoring.PairScores(frames, captions, new MultiCaptionRetrievalOptions().Objective.FrameScoring, captionMask: batch.CaptionMask);
        var phi = MultiCaptionQueryScoring.Similarity(similarity, captionMask: batch.CaptionMask);
        var loss = InfoNce.Symmetric(phi, model.LogScale, masked is null ? null : tensor(masked)).Combine(BidirectionalLoss.Sum);
        if (matching)
        {
            var pairs = new ImageTextMatching(model, Seed, int.MaxValue, encode => encode()).Draw(similarity, model.LogScale, batch.CaptionMask, batch.Step, masked);
            var videos = states.view(Videos, -1, states.shape[2]).index_select(0, tensor(pairs.Video.Select(video => (long)video).ToArray()));
            var ids = model.WithEncodeToken(batch.Ids).index_select(0, tensor(pairs.Caption.Select(caption => (long)caption).ToArray()));
            var labels = tensor(pairs.Matches.Select(match => match ? 1L : 0L).ToArray());
            loss = loss.Plus(nn.functional.cross_entropy(model.MatchLogits(ids, videos), labels));
            Assert.Equal(Owners.Length + Videos + Owners.Length, pairs.Video.Count);
        }
        loss.backward();
        value = loss.item<double>();
        return model.named_parameters().Where(named => named.parameter.grad is not null)
            .ToDictionary(named => named.name, named => named.parameter.grad!.clone());
    }

    private static TrainingStep Step(BlipRetrievalModel model, Adam adam, bool matching, int chunk) =>
        new(model, adam, new() { ChunkSize = chunk, Seed = Seed, Objective = { ImageTextMatching = matching } });

    private static BlipRetrievalModel Model(ScalarType type = ScalarType.Float64)
    {
        var model = BlipRetrievalModel.Create(
            new()
            {
                InitializerRange = 0.2,
                ProjectionSize = 6,
                Vision = new() { HiddenSize = 12, IntermediateSize = 24, Layers = 1, Heads = 2, ImageSize = ImageSize, PatchSize = 4 },
                Text = new() { VocabularySize = 14, HiddenSize = 8, IntermediateSize = 16, Layers = 2, Heads = 2, Positions = 6, StartId = 12, EndId = 11 },
            }, seed: 4);
        model.to(type);
        return model;
    }

    private static Adam Optimiser(BlipRetrievalModel model, double rate) => new(ParameterGroups.Create(model, rate, rate, rate));

    private static TrainingBatch Batch(ScalarType type)
    {
        using var generator = new Generator(9);
        var pixels = randn(Videos * Frames, 3, ImageSize, ImageSize, generator: generator).to(type);
        var ids = randint(1, 10, [Owners.Length, 6], generator: generator).to(ScalarType.Int64);
        ids[TensorIndex.Ellipsis, 4] = 11;
        ids[2, 4] = 0;          // padding, after a shorter text
        ids[2, 3] = 11;
        ids[TensorIndex.Ellipsis, 5] = 0;
        return new(Videos, Frames, (start, count) => pixels.narrow(0, start, count), ids, tensor(Mask));
    }
}
