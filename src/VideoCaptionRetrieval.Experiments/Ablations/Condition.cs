using System.Text.Json;
using System.Text.Json.Serialization;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>One way to train. All that two trainings can differ in; the defaults are the paper's method with the settings of small models.</summary>
internal sealed record Condition
{
    internal const double DefaultLearningRate = 1e-4;
    internal const int DefaultSteps = 160, DefaultBatchSize = 64, DefaultFrames = 6, CaptionedFrames = 10;

    /// <summary>The checkpoint that is trained, a CLIP or a BLIP for retrieval; null = the experiment's CLIP, which scores captions in any case.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Checkpoint { get; init; }

    /// <summary>What is trained on.</summary>
    public CaptionOrigin Captions { get; init; } = CaptionOrigin.Captioners;

    /// <summary>Names of the captioners whose captions are taken; null = all.</summary>
    public IReadOnlyList<string>? Captioners { get; init; }

    /// <summary>Which captions are kept.</summary>
    public CaptionSelectionRule Selection { get; init; } = CaptionSelectionRule.TopPerCaptioner;

    /// <summary>How many captions are kept of each captioner; under <see cref="CaptionSelectionRule.TopOverall"/>, of all together.</summary>
    public int Keep { get; init; } = ClipScoreFilterOptions.DefaultKeepPerCaptioner;

    /// <summary>The most sentences that are taken of a video's truth; null = all.</summary>
    public int? TruthSentences { get; init; }

    /// <summary>What a step takes of a video's captions.</summary>
    public CaptionUse Use { get; init; } = CaptionUse.All;

    /// <summary>How captions are weighted.</summary>
    public CaptionWeighting Weighting { get; init; } = CaptionWeighting.Mean;

    /// <summary>How frames are pooled in training.</summary>
    public FramePooling Pooling { get; init; } = FramePooling.QueryScoring;

    /// <summary>τ in training and test; null = fitted to the frozen model.</summary>
    public double? Temperature { get; init; }

    /// <summary>A fixed scale of the logits; null = the checkpoint's, trained.</summary>
    public double? LogitScale { get; init; }

    /// <summary>The highest learning rate.</summary>
    public double LearningRate { get; init; } = DefaultLearningRate;

    /// <summary>Steps of the training.</summary>
    public int Steps { get; init; } = DefaultSteps;

    /// <summary>Videos in a step.</summary>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>What becomes of an epoch's last videos where they are fewer than a batch.</summary>
    public LastBatch LastBatch { get; init; } = LastBatch.Fill;

    /// <summary>Which pairs of a batch are no negatives of each other.</summary>
    public FalseNegatives FalseNegatives { get; init; } = FalseNegatives.MaskSameFile;

    /// <summary>Frames of a video in a step; of a still image there is one.</summary>
    public int Frames { get; init; } = DefaultFrames;

    /// <summary>The most training videos that are taken of a data set; null = all.</summary>
    public int? Videos { get; init; }

    /// <summary>Names of the data sets that are trained on together; null = the one that is tested on.</summary>
    public IReadOnlyList<string>? TrainOn { get; init; }

    /// <summary>The options of the trainer.</summary>
    /// <param name="temperature">τ.</param>
    /// <param name="seed">Seed of the order of videos and of the frames drawn.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    internal MultiCaptionRetrievalOptions Training(double temperature, int seed, CancellationToken cancellationToken) => new()
    {
        Steps = Steps,
        BatchSize = BatchSize,
        LastBatch = LastBatch,
        FrameCount = Captions == CaptionOrigin.Stills ? 1 : Frames,
        LearningRate = LearningRate,
        Optimization = { WarmupRatio = 0.05, WeightDecay = 0.05, MaxGradientNorm = 1 },
        Objective =
        {
            CaptionSampling = Use switch
            {
                CaptionUse.RandomOne => CaptionSampling.OneRandom,
                CaptionUse.Concatenated => CaptionSampling.Concatenate,
                CaptionUse.All => CaptionSampling.All,
                _ => throw new InvalidOperationException($"The use '{Use}' is not known."),
            },
            CaptionWeighting = Weighting,
            FalseNegatives = FalseNegatives,
            Pooling = Pooling,
            QueryScoringTemperature = temperature,
            FixedLogitScale = LogitScale,
        },
        Seed = seed,
        CancellationToken = cancellationToken,
    };

    /// <summary>Every fault.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Keep < 1) yield return $"keep is '{Keep}', expected at least 1";
        if (Videos is < 2) yield return $"videos is '{Videos}', expected at least 2";
        if (TruthSentences is < 1) yield return $"truthSentences is '{TruthSentences}', expected at least 1";
        if (Captioners is { Count: 0 }) yield return "captioners is an empty list";
        if (TrainOn is { Count: 0 }) yield return "trainOn is an empty list";
        var message = TrainingFault();
        if (message is not null) yield return message;
    }

    private string? TrainingFault()
    {
        try
        {
            var temperature = Temperature ?? TrainingObjectiveOptions.DefaultQueryScoringTemperature;
            Training(temperature, seed: 0, default).Validate();
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}

/// <summary>The rules' names in plans and in the keys of kept results, whatever the library calls them.</summary>
internal sealed class SelectionRuleNames : JsonConverter<CaptionSelectionRule>
{
    private static readonly Dictionary<string, CaptionSelectionRule> _rules = new()
    {
        ["topPerCaptioner"] = CaptionSelectionRule.TopPerCaptioner,
        ["topJoint"] = CaptionSelectionRule.TopOverall,
        ["middleFrame"] = CaptionSelectionRule.MiddleFrame,
        ["random"] = CaptionSelectionRule.Random,
    };

    public override CaptionSelectionRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && _rules.TryGetValue(reader.GetString()!, out var rule)
            ? rule
            : throw new JsonException($"expected one of '{string.Join("', '", _rules.Keys)}'");

    public override void Write(Utf8JsonWriter writer, CaptionSelectionRule value, JsonSerializerOptions options) =>
        writer.WriteStringValue(_rules.First(rule => rule.Value == value).Key);
}

/// <summary>What a step takes of a video's captions; the names are those of plans and kept results.</summary>
internal enum CaptionUse
{
    /// <summary><see cref="CaptionSampling.All"/>.</summary>
    All,

    /// <summary><see cref="CaptionSampling.OneRandom"/>.</summary>
    RandomOne,

    /// <summary><see cref="CaptionSampling.Concatenate"/>.</summary>
    Concatenated,
}

/// <summary>What a model is trained on.</summary>
internal enum CaptionOrigin
{
    /// <summary>Captions that captioners write of the training videos: the method.</summary>
    Captioners,

    /// <summary>The same, each video with those of another one: a control, which must collapse.</summary>
    Shuffled,

    /// <summary>What people say of the training videos: the upper bound.</summary>
    Truth,

    /// <summary>Captions of captioners, and then what people say, with the same settings again.</summary>
    CaptionersThenTruth,

    /// <summary>The still images that the captioners learned from, and their captions; no video.</summary>
    Stills,

    /// <summary>Nothing: the model as it comes.</summary>
    Nothing,
}
