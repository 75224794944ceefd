using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Training.Optimization;

public sealed class LearningRateScheduleTests
{
    public static TheoryData<string> Cases => FixtureCase.OfKind("schedule");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Fixtures")]
    public void Factor_ReferenceCase_RatesAgree(string row)
    {
        TorchRuntime.EnsureLoaded();
        var fixture = FixtureCase.Open(row);
        using var file = fixture.Tensors();
        using var scope = NewDisposeScope();
        var options = fixture.Options;
        var schedule = Schedule(fixture);
        var first = options["firstStep"]?.GetValue<int>() ?? 0;
        var count = (int)file.Entries["learning_rates"].Shape[0];

        var rates = Enumerable.Range(first, count).Select(step => options["baseRate"]!.GetValue<double>() * schedule.Factor(step));

        fixture.AssertMatches(file, "learning_rates", tensor(rates.ToArray()));
    }

    private static LearningRateSchedule Schedule(FixtureCase fixture)
    {
        var options = fixture.Options;
        var name = options["kind"]!.GetValue<string>();
        if (!Enum.TryParse<LearningRateDecay>(name, ignoreCase: true, out var decay)) Assert.Fail($"schedule '{name}'");
        var per = options["per"]?.GetValue<string>() ?? "step";
        if (per is not ("step" or "epoch")) Assert.Fail($"schedule per '{per}'");
        var total = options["totalSteps"]!.GetValue<int>();
        var warmup = options["warmupSteps"]?.GetValue<int>() ?? 0;
        if (options["warmupRatio"]?.GetValue<double>() is { } ratio) Assert.Equal(warmup, warmup = LearningRateSchedule.ComputeWarmupSteps(ratio, total));
        return new(decay, total, warmup, per == "epoch" ? options["stepsPerEpoch"]!.GetValue<int>() : 1);
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(5, 0.5)]
    [InlineData(10, 0.0)]
    [InlineData(11, 0.0)]
    public void Factor_Linear_NeverBelowZero(int step, double expected) =>
        Assert.Equal(expected, new LearningRateSchedule(LearningRateDecay.Linear, TotalSteps: 10).Factor(step));
}
