using System.Globalization;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

public sealed class TrainingStepFixtureTests
{
    public static TheoryData<string> Cases => FixtureCase.OfKind("trajectory");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Fixtures")]
    public void Update_ReferenceTrajectory_EveryStepAgrees(string row)
    {
        TorchRuntime.EnsureLoaded();
        var fixture = FixtureCase.Open(row);
        RequireImplemented(fixture.Options);
        using var scope = NewDisposeScope();
        using var file = fixture.Tensors();
        using var model = new ClipModel(ClipConfig.Read(fixture.Model));
        using (var weights = new SafetensorsFile(Path.Combine(fixture.Model, "model.safetensors"))) ModuleLoading.Load(model, weights, ".position_ids");
        using var recording = new TrajectoryRecording(fixture, file, model);

        recording.Run();

        recording.AssertEveryExpectedTensorAgrees();
        recording.AssertFinalParametersAgree();
    }

    private static void RequireImplemented(JsonNode options)
    {
        void Only(string name, string wanted, string reason)
        {
            var found = options[name] is { } value ? value.ToJsonString() : "null";
            if (found != wanted && !(double.TryParse(found, CultureInfo.InvariantCulture, out var number) && double.TryParse(wanted, CultureInfo.InvariantCulture, out var other) && number == other))
                Assert.Fail($"{reason} ({name} = {found})");
        }
        if (!Enum.TryParse<LearningRateDecay>(options["schedule"]!.GetValue<string>(), ignoreCase: true, out _))
            Assert.Fail($"schedule {options["schedule"]}");
        Only("maxLogScale", Math.Log(100).ToString("R", CultureInfo.InvariantCulture), "another bound of the scale");
    }
}
