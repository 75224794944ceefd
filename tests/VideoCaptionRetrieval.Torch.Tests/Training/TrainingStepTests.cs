using TorchSharp;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Training;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

public sealed class TrainingStepTests : IDisposable
{
    private const int Videos = 3, Frames = 2, ImageSize = 8;
    private static readonly bool[,] Mask = { { true, true }, { true, false }, { true, true } };
    private static readonly bool[,] Masked = { { false, true, false }, { true, false, false }, { false, false, false } };
    private readonly DisposeScope _scope;

    public TrainingStepTests()
    {
        TorchRuntime.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(1, true)]
    [InlineData(4, true)]
    public void Backward_InChunks_SameGradientsAsWhole(int chunk, bool masked)
    {
        var whole = Gradients(int.MaxValue, masked);
        var chunked = Gradients(chunk, masked);

        Assert.NotEmpty(whole);
        foreach (var (name, expected) in whole)
        {
            var difference = (expected - chunked[name]).abs().max().item<double>();
            Assert.True(difference <= 1e-12, Invariant($"{name}: {difference}"));
        }
    }

    [Fact]
    public void Backward_SinglePrecision_LossInSinglePrecisionAndFinite()
    {
        using var model = Model();
        using var adam = Optimiser(model, 1e-3);

        var losses = new TrainingStep(model, adam, new()).Backward(Batch(ScalarType.Float32));

        Assert.True(double.IsFinite(losses.Total));
        Assert.Equal(losses.VideoToCaption + losses.CaptionToVideo, losses.Total, 1e-5);
    }

    [Fact]
    public void Update_TrainedScale_GrowsNoLargerThan100()
    {
        using var model = Model();
        using Scalar justBelow = Math.Log(100) - 1e-3, upwards = -1;
        using (no_grad()) model.logit_scale.fill_(justBelow);
        using var adam = new Adam([new(1, [model.logit_scale])]);
        var step = new TrainingStep(model, adam, new());
        step.Backward(Batch(ScalarType.Float32));
        using (no_grad()) model.logit_scale.grad!.fill_(upwards);

        step.Update(1);

        Assert.Equal((float)Math.Log(100), model.logit_scale.item<float>());
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(20.0)]
    public void Update_FixedScale_ModelsOwnStays(double scale)
    {
        using var model = Model();
        using var adam = Optimiser(model, 1e-2);
        var before = model.logit_scale.item<float>();
        var step = new TrainingStep(model, adam, new() { Objective = { FixedLogitScale = scale } });

        step.Backward(Batch(ScalarType.Float32));
        step.Update(1);

        Assert.Equal(before, model.logit_scale.item<float>());
    }

    [Fact]
    public void Update_ManySteps_LossFallsAndTensorsInMemoryFlat()
    {
        using var model = Model();
        using var adam = Optimiser(model, 3e-3);
        var step = new TrainingStep(model, adam, new() { ChunkSize = 2 });
        var batch = Batch(ScalarType.Float32);
        double Step()
        {
            var losses = step.Backward(batch);
            step.Update(1);
            return losses.Total;
        }
        var first = Step();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var last = 0.0;

        for (var i = 0; i < 200; i++) last = Step();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(last < first / 2, Invariant($"the loss went from {first} to {last}"));
    }

    [Theory]
    [InlineData(CaptionWeighting.Mean, BidirectionalLoss.Sum)]
    [InlineData(CaptionWeighting.Score, BidirectionalLoss.Average)]
    public void Update_GarbageCollectionsAllTheTime_SameBits(CaptionWeighting weighting, BidirectionalLoss directions)
    {
        const int Steps = 25, Runs = 4;
        var batch = Batch(ScalarType.Float32) with { Scores = tensor(new[,] { { 0.7f, 0.6f }, { 0.8f, 0 }, { 0.5f, 0.9f } }) };
        byte[] Train()
        {
            using var model = Model();
            using var adam = Optimiser(model, 3e-3);
            var step = new TrainingStep(model, adam, new() { ChunkSize = 2, Objective = { CaptionWeighting = weighting, BidirectionalLoss = directions } });
            for (var i = 0; i < Steps; i++)
            {
                step.Backward(batch);
                step.Update(1);
            }
            return [.. model.named_parameters().SelectMany(named => named.parameter.bytes.ToArray())];
        }
        var expected = Train();

        using var collections = new GarbageCollections();
        for (var run = 0; run < Runs; run++) Assert.Equal(expected, Train());
    }

    [Fact]
    public void Backward_MaskedPair_OtherGradientsThanWithout()
    {
        var (all, masked) = (Gradients(2), Gradients(2, masked: true));
        Assert.Contains(all, named => (named.Value - masked[named.Key]).abs().max().item<double>() > 1e-6);
        Assert.All(masked, named => Assert.True(named.Value.isfinite().all().item<bool>(), named.Key));
    }

    private Dictionary<string, Tensor> Gradients(int chunk, bool masked = false)
    {
        using var model = Model();
        model.to(ScalarType.Float64);
        using var adam = Optimiser(model, 1e-3);
        new TrainingStep(model, adam, new() { ChunkSize = chunk }).Backward(Batch(ScalarType.Float64) with { Masked = masked ? Masked : null });
        return model.named_parameters().ToDictionary(named => named.name, named => named.parameter.grad!.clone());
    }

    private static ClipModel Model() => ClipModel.Create(
        new(new(new(16, 32, 1, 2), 12, 6, EndOfTextId: 11), new(new(16, 32, 1, 2), ImageSize, 4), ProjectionSize: 8), seed: 4);

    private static Adam Optimiser(ClipModel model, double rate) => new(ParameterGroups.Create(model, rate, rate, rate));

    private static TrainingBatch Batch(ScalarType type)
    {
        using var generator = new Generator(9);
        var pixels = randn(Videos * Frames, 3, ImageSize, ImageSize, generator: generator).to(type);
        var ids = randint(1, 10, [5, 6], generator: generator).to(ScalarType.Int64);
        ids[TensorIndex.Ellipsis, 4] = 11;
        return new(Videos, Frames, (start, count) => pixels.narrow(0, start, count), ids, tensor(Mask));
    }
}
