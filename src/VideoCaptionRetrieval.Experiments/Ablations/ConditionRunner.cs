using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Experiments.ImageModels;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Retrieval;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Trains by one condition after the other, and tests. Not thread-safe.</summary>
internal sealed class ConditionRunner
{
    private const int Version = 2;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly ExperimentModels _models;
    private readonly ResultStore _results, _work;
    private readonly List<string> _warnings = [];
    private readonly TrainingViews _views;
    private readonly string _modelIdentity;
    private readonly IProgress<string>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<string> _prepared = [];

    /// <param name="models">CLIP and captioners.</param>
    /// <param name="workFolder">Where frames and captions are kept; several experiments may share it.</param>
    /// <param name="resultFolder">Where results are kept, and taken from; several experiments may share it too. Null = in the work folder.</param>
    /// <param name="progress">Takes lines for people.</param>
    /// <param name="cancellationToken">Ends the work; what is finished is kept.</param>
    internal ConditionRunner(ExperimentModels models, string workFolder, string? resultFolder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        (_models, _progress, _cancellationToken) = (models, progress, cancellationToken);
        (_results, _work) = (new(resultFolder ?? Path.Combine(workFolder, "results"), progress), new(Path.Combine(workFolder, "decoded")));
        _mlContext.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning) _warnings.Add(entry.RawMessage);
        };
        _views = new(_mlContext, models, workFolder, progress, cancellationToken);
        _modelIdentity = Fingerprint.Compute(string.Join('\n', models.Captioners.Select(one => $"{one.Key}={ModelFolder.Key(one.Value)}")
            .Prepend(ModelFolder.Key(models.Clip))));
    }

    /// <summary>Renders and decodes what is not there yet.</summary>
    private void Prepare(ExperimentData data)
    {
        if (!_prepared.Add(data.Identity)) return;
        data.Render();
        if (data.FramesPerVideo == 0) return;
        _work.Get(new { Version, Stage = "frames", data.Identity, Models = _modelIdentity }, () =>
        {
            _progress?.Report($"decoding {data.Train.Count + data.Test.Count} videos of '{data.Name}'");
            _views.KeepFrames([.. data.Train, .. data.Test], data.FramesPerVideo);
            return data.FramesPerVideo;
        });
    }

    /// <summary>τ for a frozen model: twice the deviation of its cosines between training frames and captions.</summary>
    /// <remarks>
    /// The paper's 0.1 fits the narrow cone of a large CLIP's cosines. With a smaller or larger spread, weights would be nearly those of one
    /// frame or nearly equal. No test video has a part in this.
    /// </remarks>
    /// <param name="checkpoint">The model; null = the experiment's CLIP.</param>
    /// <param name="data">What is trained on.</param>
    internal double FitTemperature(string? checkpoint, ExperimentData data)
    {
        var key = new { Version, Stage = "temperature", data.Identity, Models = Identity(checkpoint) };
        return _results.Get(key, () =>
        {
            Prepare(data);
            using var thread = new SingleThread();
            var some = data with { Train = [.. data.Train.Take(100)] };
            var captions = _views.Selected(new(), [some]).SelectMany(row => row.Captions).Where(caption => caption.Length > 0).ToList();
            using var model = Frozen(checkpoint, TrainingObjectiveOptions.DefaultQueryScoringTemperature);
            return TemperatureFit.Find(Embedded(model, some.Train), captions, RetrievalStage.Find(model).Encoder);
        });
    }

    /// <summary>Trains, and tests on each of some data sets.</summary>
    /// <param name="name">The condition, for people.</param>
    /// <param name="condition">How to train.</param>
    /// <param name="train">What on.</param>
    /// <param name="tests">What to test on.</param>
    /// <param name="seed">Seed of the fine-tuning.</param>
    /// <param name="stills">Still images, for <see cref="CaptionOrigin.Stills"/>.</param>
    internal ConditionResult Run(string name, Condition condition, IReadOnlyList<ExperimentData> train, IReadOnlyList<ExperimentData> tests, int seed,
        CaptionedImages? stills = null)
    {
        var temperature = condition.Temperature ?? FitTemperature(condition.Checkpoint, train[0]);
        var key = new
        {
            Version,
            condition,
            temperature,
            Train = train.Select(set => train.Count == 1 ? set.Identity : $"{set.Name}/{set.Identity}"),
            Tests = tests.Select(set => set.Identity),
            seed,
            Models = Identity(condition.Checkpoint),
            Stills = stills is null ? "" : Fingerprint.Compute(string.Join('\n', stills.Captions)),
        };
        return _results.Get(key, () =>
        {
            foreach (var set in train.Concat(tests)) Prepare(set);
            _warnings.Clear();
            using var thread = new SingleThread();
            var clock = Stopwatch.StartNew();
            _progress?.Report($"{name}: training");
            using var model = Train(condition, temperature, train, seed, stills);
            var scores = tests.ToDictionary(test => test.Name, test => Test(model, test));
            Say(name, clock.Elapsed, scores);
            return new ConditionResult(temperature, clock.Elapsed.TotalSeconds, scores, [.. _warnings.Distinct()]);
        }).For(tests);
    }

    private TransformerChain<MultiCaptionRetrievalTransformer> Train(
        Condition condition, double temperature, IReadOnlyList<ExperimentData> train, int seed, CaptionedImages? stills)
    {
        if (condition.Captions == CaptionOrigin.Nothing) return Frozen(condition.Checkpoint, temperature);
        var frames = _views.TrainedFrames(condition.Checkpoint);
        var options = condition.Training(temperature, seed, _cancellationToken);
        var model = condition.Captions switch
        {
            CaptionOrigin.Stills => _mlContext.VideoRetrieval.Trainers.MultiCaption(condition.Checkpoint ?? _models.Clip, options)
                .Fit(_views.Stills(stills ?? throw new ArgumentException("There are no still images to train on.", nameof(stills)))),
            CaptionOrigin.Truth => Fit(_views.Pipeline(condition, options, captioned: false), _views.WithTruth(condition, train)),
            CaptionOrigin.Shuffled => Fit(_views.Pipeline(condition, options, captioned: false), _views.Shuffled(condition, train)),
            _ => Fit(_views.Pipeline(condition, options, captioned: true), _views.Videos(condition, train)),
        };
        if (condition.Captions != CaptionOrigin.CaptionersThenTruth) return Searchable(frames, model);
        using (model)
        {
            var pipeline = _views.Pipeline(condition with { Checkpoint = model.CheckpointFolder }, options, captioned: false);
            return Searchable(frames, Fit(pipeline, _views.WithTruth(condition, train)));
        }
    }

    private MultiCaptionRetrievalTransformer Fit(CaptionTrainingOptions options, IDataView data)
    {
        var chain = _mlContext.VideoRetrieval.CreatePipeline(options).Fit(data);
        foreach (var stage in chain.SkipLast(1)) (stage as IDisposable)?.Dispose();         // captioners
        return chain.LastTransformer;
    }

    private TransformerChain<MultiCaptionRetrievalTransformer> Frozen(string? checkpoint, double temperature)
    {
        var frames = _views.TrainedFrames(checkpoint);
        return Searchable(frames, _mlContext.VideoRetrieval.FromCheckpoint(checkpoint ?? _models.Clip, frames.Name, frames.Count, temperature: temperature));
    }

    /// <summary>A model behind a sampler: it embeds as many frames of a test video as captioners see.</summary>
    private TransformerChain<MultiCaptionRetrievalTransformer> Searchable(FrameColumn frames, MultiCaptionRetrievalTransformer model)
    {
        model.Inference = SingleThread.Inference;
        return new(_views.Sampler(_views.Videos([]), frames), model);
    }

    private string Identity(string? checkpoint) => checkpoint is null ? _modelIdentity : Fingerprint.Compute($"{_modelIdentity}\n{ModelFolder.Key(checkpoint)}");

    private PooledScores Test(ITransformer model, ExperimentData data)
    {
        var stage = RetrievalStage.Find(model);
        var videos = Embedded(model, data.Test);
        var queries = data.Queries.Select(query => new RetrievalQuery(query.VideoId, [query.Text])).ToList();
        var (texts, owners) = (RetrievalQueries.Embed(queries, stage.Encoder), RetrievalQueries.FindTargets(queries, [.. videos.Select(video => video.VideoId)]));
        TestScores Scores(FramePooling pooling) => TestScores.Of(new RetrievalEvaluator { Scoring = stage.Scoring with { Pooling = pooling } }
            .Evaluate([.. videos.Select(video => video.Frames)], texts, owners, stage.Dimension, [], _cancellationToken));
        return new(Scores(FramePooling.Mean), Scores(FramePooling.QueryScoring));
    }

    private List<EmbeddedVideo> Embedded(ITransformer model, IReadOnlyList<VideoClip> clips) =>
        [.. new EmbeddedVideoReader(model).Read(_views.Videos(clips), _cancellationToken)];

    private void Say(string name, TimeSpan elapsed, Dictionary<string, PooledScores> scores)
    {
        foreach (var (test, score) in scores)
            _progress?.Report(string.Create(CultureInfo.InvariantCulture, $"{name}, tested on '{test}': text to video R@1 "
                + $"{score.Mean.TextToVideo.RecallAt1:0.0} (mean pooling), {score.QueryScoring.TextToVideo.RecallAt1:0.0} (query scoring), {elapsed.TotalSeconds:0} s"));
    }
}
