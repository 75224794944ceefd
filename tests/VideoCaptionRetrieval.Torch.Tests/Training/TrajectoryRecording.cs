using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Training;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

/// <summary>Trains on one case's batch and records what the case expects, under the same names.</summary>
internal sealed class TrajectoryRecording : IDisposable
{
    private const string ChangePrefix = "change/";
    private readonly FixtureCase _fixture;
    private readonly SafetensorsFile _file;
    private readonly ClipModel _model;
    private readonly string[] _names;
    private readonly Dictionary<string, Tensor> _parameters, _start;
    private readonly Dictionary<string, List<double>> _series = [];
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    internal TrajectoryRecording(FixtureCase fixture, SafetensorsFile file, ClipModel model)
    {
        (_fixture, _file, _model) = (fixture, file, model);
        _names = [.. fixture.Json["parameterNames"]!.AsArray().Select(name => name!.GetValue<string>())];
        _parameters = model.named_parameters().ToDictionary(named => named.name, named => (Tensor)named.parameter);
        _start = _parameters.ToDictionary(named => named.Key, named => Double(named.Value));
    }

    internal void Run()
    {
        var options = _fixture.Options;
        var rates = options["learningRates"]!.AsObject().ToDictionary(rate => rate.Key, rate => rate.Value!.GetValue<double>());
        var steps = options["steps"]!.GetValue<int>();
        var decay = Enum.Parse<LearningRateDecay>(options["schedule"]!.GetValue<string>(), ignoreCase: true);
        var schedule = new LearningRateSchedule(decay, steps, options["warmupSteps"]?.GetValue<int>() ?? 0);
        var checkpoints = _fixture.Json["checkpoints"]!.AsArray().Select(step => step!.GetValue<int>()).ToHashSet();
        using var adam = Adam(options, rates);
        var step = new TrainingStep(_model, adam, StepOptions());
        var batch = Batch();

        for (var t = 0; t < steps; t++)
        {
            var losses = step.Backward(batch);
            Add("losses", losses.Total);
            Add("losses_video_to_caption", losses.VideoToCaption);
            Add("losses_caption_to_video", losses.CaptionToVideo);
            Add("grad_norms", GradientNorm());
            foreach (var (group, rate) in rates) Add($"learning_rates.{group}", rate * schedule.Factor(t));
            step.Update(schedule.Factor(t));
            Add("log_scales", _model.logit_scale.to(ScalarType.Float64).item<double>());
            if (checkpoints.Contains(t + 1)) Record(t + 1);
        }
        foreach (var (name, values) in _series) _tensors[name] = tensor(values.ToArray());
    }

    internal void AssertEveryExpectedTensorAgrees()
    {
        foreach (var (name, _) in _fixture.Json["expected"]!.AsObject())
        {
            Assert.True(_tensors.TryGetValue(name, out var got), $"{_fixture.Name} expects '{name}', which a trajectory is not known to hold");
            _fixture.AssertMatches(_file, name, got!);
        }
    }

    /// <summary>Every parameter but the key biases, as the case's "match" says.</summary>
    internal void AssertFinalParametersAgree()
    {
        using var expected = _fixture.Tensors("expected.safetensors");
        var tolerance = _fixture.Json["changeTolerance"]!.GetValue<double>();
        var skipped = _fixture.Json["notCompared"]!.AsArray().Select(name => name!.GetValue<string>()).Append("logit_scale").ToHashSet();
        var compared = 0;
        foreach (var name in expected.Entries.Keys.Where(name => name.StartsWith(ChangePrefix, StringComparison.Ordinal)))
        {
            var parameter = name[ChangePrefix.Length..];
            if (skipped.Contains(parameter)) continue;
            var change = Double(_parameters[parameter]) - _start[parameter];
            Closeness.AssertClose($"{_fixture.Name}/{name}", Values(expected.Read(name)), Values(change), tolerance);
            // A parameter is as good as its change: the change's tolerance, in units of the parameter's own.
            var largestChange = Values(expected.Read(name)).Max(Math.Abs);
            var largest = Values(expected.Read(parameter)).Max(Math.Abs);
            Closeness.AssertClose($"{_fixture.Name}/{parameter}", Values(expected.Read(parameter)), Values(_parameters[parameter]),
                (tolerance * largestChange / largest) + 1e-6);
            compared++;
        }
        Assert.True(compared > 0, "no parameter was compared");
    }

    public void Dispose() => _scope.Dispose();

    private Adam Adam(JsonNode options, Dictionary<string, double> rates)
    {
        var betas = options["betas"]!.AsArray();
        FrozenParts.Freeze(_model, new() { Text = options["frozenText"]!.GetValue<bool>(), LogitScale = !options["trainScale"]!.GetValue<bool>() });
        return new(ParameterGroups.Create(_model, rates["towers"], rates["projections"], rates["scale"], options["weightDecay"]!.GetValue<double>()),
            betas[0]!.GetValue<double>(), betas[1]!.GetValue<double>(), options["eps"]!.GetValue<double>());
    }

    private MultiCaptionRetrievalOptions StepOptions()
    {
        var scoring = _fixture.FrameScoring();
        return new()
        {
            Objective =
            {
                FalseNegatives = FalseNegatives.Keep,
                Pooling = scoring.Pooling,
                QueryScoringTemperature = scoring.Temperature,
                NormaliseFrames = scoring.NormaliseFrames,
                BidirectionalLoss = _fixture.Options["lossReduction"]?.GetValue<string>() == "mean" ? BidirectionalLoss.Average : BidirectionalLoss.Sum,
            },
            Optimization = { MaxGradientNorm = _fixture.Options["clipNorm"]?.GetValue<double>() },
            ChunkSize = _fixture.Options["chunk"]?.GetValue<int>() ?? int.MaxValue,
        };
    }

    private TrainingBatch Batch()
    {
        var pixels = _file.Read("pixel_values");                                        // (B, N, 3, S, S)
        var ids = _file.Read("input_ids");                                              // (B, L, T)
        var (videos, frames) = ((int)pixels.shape[0], (int)pixels.shape[1]);
        var mask = _file.Entries.ContainsKey("caption_mask")
            ? _file.Read("caption_mask")
            : ones(ids.shape[0], ids.shape[1], dtype: ScalarType.Bool);
        var all = pixels.flatten(0, 1);
        var present = ids.flatten(0, 1)[mask.flatten()];                                // (K, T)
        return new(videos, frames, (start, count) => all.narrow(0, start, count), present, mask);
    }

    private double GradientNorm()
    {
        using var scope = NewDisposeScope();
        return Math.Sqrt(_parameters.Values.Select(parameter => parameter.grad).OfType<Tensor>()
            .Sum(gradient => Math.Pow(Double(gradient).norm().item<double>(), 2)));
    }

    private void Record(int step)
    {
        var index = _file.Read("sample_index");                                         // (parameters, samples)
        var parameters = _names.Select(name => Double(_parameters[name]).flatten()).ToList();
        var changes = _names.Select((name, i) => parameters[i] - _start[name].flatten()).ToList();
        foreach (var (prefix, values) in new[] { ("param", parameters), ("change", changes) })
        {
            _tensors[$"{prefix}_norms.{step}"] = stack(values.Select(value => value.norm()));
            _tensors[$"{prefix}_samples.{step}"] = stack(values.Select((value, i) => value.index_select(0, index[i])));
        }
    }

    private void Add(string name, double value)
    {
        if (!_series.TryGetValue(name, out var values)) _series[name] = values = [];
        values.Add(value);
    }

    private static Tensor Double(Tensor tensor) => tensor.detach().to(ScalarType.Float64, copy: true);

    private static double[] Values(Tensor tensor) => Double(tensor).contiguous().data<double>().ToArray();
}
