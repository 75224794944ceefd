using System.Globalization;
using System.IO.Hashing;
using System.Text;
using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>Names everything that a training's result depends on.</summary>
internal static class TrainingFingerprint
{
    /// <summary>A hash of the videos, their captions and scores, and all options that count.</summary>
    internal static string Of(string checkpoint, IReadOnlyList<TrainingItem> items, TrainingRunSettings settings, MultiCaptionRetrievalOptions options)
    {
        var hash = new XxHash128();
        void Add(params object?[] values)
        {
            foreach (var value in values) hash.Append(Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) + "\0"));
        }
        Add(checkpoint, settings.FrameCount, settings.Seed, options.Epochs, options.Steps, options.BatchSize, options.LearningRate, options.ProjectionLearningRate,
            options.LogitScaleLearningRate, options.LearningRateDecay, options.WarmupRatio, options.WarmupSteps, options.WeightDecay, options.MaxGradientNorm);
        Add(options.FreezeVision, options.FreezeText, options.FrozenVisionLayers, options.FrozenTextLayers, options.TrainLogitScale, options.CaptionUse,
            options.CaptionWeighting, options.Pooling, options.Temperature, options.NormaliseFrames, options.LossReduction, options.LogitScalePolicy,
            options.LogitScale, options.ImageSize, options.ChunkSize, options.Precision, options.ValidationFraction, options.EarlyStoppingPatience);
        if (options.ImageTextMatching) Add(nameof(options.ImageTextMatching));     // so that trainings without it keep their names
        foreach (var item in items)
        {
            Add(item.Clip.VideoId, item.Clip.Start, item.Clip.End);
            Add([.. item.Captions]);
            foreach (var score in item.Scores ?? []) Add(score);
            if (options.ExampleWeightColumnName is not null) Add(item.Weight);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
