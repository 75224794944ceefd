using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Objective;
using VideoCaptionRetrieval.Torch.Tests.Training;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Objective;

public sealed class MultiCaptionQueryScoringTests
{
    public MultiCaptionQueryScoringTests() => TorchRuntime.EnsureLoaded();

    public static TheoryData<string> Cases => FixtureCase.OfKind("mcqs");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Fixtures")]
    public void PairScores_ReferenceCase_SimilarityLossesAndGradientsAgree(string row)
    {
        var fixture = FixtureCase.Open(row);
        using var file = fixture.Tensors();
        foreach (var precision in new[] { ScalarType.Float32, ScalarType.Float64 }) Compare(fixture, file, precision);
    }

    private static void Compare(FixtureCase fixture, SafetensorsFile file, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        Tensor Leaf(string name) => file.Read(name).to(precision).detach().requires_grad_();
        Tensor? Optional(string name) => file.Entries.ContainsKey(name) ? file.Read(name) : null;
        var (frames, captions, logScale) = (Leaf("frames"), Leaf("captions"), Leaf("log_scale"));
        var captionMask = Optional("caption_mask");

        var similarity = MultiCaptionQueryScoring.PairScores(
            frames, captions, fixture.FrameScoring(), Optional("frame_mask"), captionMask);
        var phi = MultiCaptionQueryScoring.Similarity(similarity, Weighting(fixture.Options), captionMask, Optional("caption_scores"));
        using var loss = InfoNce.Symmetric(phi, logScale);
        var sum = loss.Combine(BidirectionalLoss.Sum);
        sum.backward();

        Assert.Equal(precision, similarity.dtype);
        var got = new Dictionary<string, Tensor?>
        {
            ["similarity"] = similarity,
            ["phi"] = phi,
            ["loss_video_to_caption"] = loss.VideoToCaption,
            ["loss_caption_to_video"] = loss.CaptionToVideo,
            ["loss_sum"] = sum,
            ["loss_mean"] = loss.Combine(BidirectionalLoss.Average),
            ["grad_frames"] = frames.grad,
            ["grad_captions"] = captions.grad,
            ["grad_log_scale"] = logScale.grad,
        };
        foreach (var (name, _) in fixture.Json["expected"]!.AsObject())
        {
            if (!got.TryGetValue(name, out var value)) throw new InvalidDataException($"{fixture.Name} expects '{name}', which no kind 'mcqs' is known to hold.");
            fixture.AssertMatches(file, name, value!);
        }
    }

    private static CaptionWeighting Weighting(JsonNode options)
    {
        var name = options["captionWeighting"]?.GetValue<string>() ?? "mean";
        var temperature = options["captionWeightTemperature"]?.GetValue<double>() ?? CaptionPooling.Temperature;
        if (temperature != CaptionPooling.Temperature)
            Assert.Fail(Invariant($"captions weighted with the temperature {temperature}"));
        if (name is not ("mean" or "score")) Assert.Fail($"caption weighting '{name}'");
        return name == "score" ? CaptionWeighting.Score : CaptionWeighting.Mean;
    }

    [Fact]
    public void PairScores_MaskedRubbish_NeverSeen()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var frames = randn(3, 4, 8, generator: generator);
        var captions = randn(3, 2, 8, generator: generator);
        var frameMask = tensor(new[,] { { true, true, true, false }, { true, false, false, false }, { true, true, true, true } });
        var captionMask = tensor(new[,] { { true, false }, { true, true }, { true, true } });
        var rubbish = frames.MaskedFill(frameMask.logical_not().unsqueeze(-1), double.NaN).requires_grad_();
        var worse = captions.MaskedFill(captionMask.logical_not().unsqueeze(-1), double.PositiveInfinity).requires_grad_();

        var clean = MultiCaptionQueryScoring.PairScores(frames, captions, FrameScoring.Default, frameMask, captionMask);
        var got = MultiCaptionQueryScoring.PairScores(rubbish, worse, FrameScoring.Default, frameMask, captionMask);
        MultiCaptionQueryScoring.Similarity(got, captionMask: captionMask).sum().backward();

        Assert.True(clean.allclose(got, rtol: 1e-5, atol: 1e-6));
        Assert.True(rubbish.grad!.isfinite().all().item<bool>());
        Assert.True(worse.grad!.isfinite().all().item<bool>());
        Assert.Equal(0f, got[0, 0, 1].item<float>());
    }

    [Fact]
    public void PairScores_ZeroVectors_NoNaN()
    {
        using var scope = NewDisposeScope();
        var frames = zeros(2, 3, 4).requires_grad_();
        var captions = zeros(2, 1, 4).requires_grad_();

        var similarity = MultiCaptionQueryScoring.PairScores(frames, captions, FrameScoring.Default);
        similarity.sum().backward();

        Assert.Equal(0f, similarity.abs().sum().item<float>());
        Assert.True(frames.grad!.isfinite().all().item<bool>());
        Assert.True(captions.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void PairScores_PoolingThatIsNotKnown_IsRefused()
    {
        using var scope = NewDisposeScope();
        var e = Assert.Throws<ArgumentOutOfRangeException>(
            () => MultiCaptionQueryScoring.PairScores(ones(2, 3, 4), ones(2, 1, 4), new() { Pooling = (FramePooling)99 }));
        Assert.Contains("'99' is not known", e.Message);
    }

    [Fact]
    public void Similarity_EqualScores_SameAsMean()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var similarity = rand(3, 3, 4, generator: generator);
        var mask = tensor(new[,] { { true, true, false, false }, { true, true, true, true }, { true, false, false, false } });

        var mean = MultiCaptionQueryScoring.Similarity(similarity, CaptionWeighting.Mean, mask);
        var weighted = MultiCaptionQueryScoring.Similarity(similarity, CaptionWeighting.Score, mask, ones(3, 4).Times(0.7).MaskedFill(mask.logical_not(), double.NaN));

        Assert.True(mean.allclose(weighted, rtol: 1e-6, atol: 1e-7));
    }
}
