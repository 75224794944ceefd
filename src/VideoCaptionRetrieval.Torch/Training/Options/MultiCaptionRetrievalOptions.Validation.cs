using System.Runtime.CompilerServices;

namespace VideoCaptionRetrieval;

/// <content>The check of all values.</content>
public sealed partial class MultiCaptionRetrievalOptions
{
    /// <summary>Checks all values together.</summary>
    /// <exception cref="ArgumentException">Lists every value that is out of range.</exception>
    public void Validate()
    {
        var faults = new Faults();
        faults.Require(Epochs >= 1, Epochs, "at least 1");
        faults.Require(Steps is null or >= 1, Steps, "null or at least 1");
        faults.Require(BatchSize >= 2, BatchSize, "at least 2, because a video is contrasted with the others of its batch");
        faults.Require(IsPositive(LearningRate), LearningRate, "a number above 0");
        faults.Require(FrameCount is null or >= 1, FrameCount, "null or at least 1");
        faults.Require(ImageSize is null or >= 1, ImageSize, "null or at least 1");
        faults.Require(ChunkSize is null or >= 1, ChunkSize, "null or at least 1");
        faults.RequireDefined(Precision);
        ValidateOptimization(faults);
        ValidateObjective(faults);
        ValidateData(faults);
        faults.Require(Freeze.VisionLayers >= 0, Freeze.VisionLayers, "at least 0");
        faults.Require(Freeze.TextLayers >= 0, Freeze.TextLayers, "at least 0");
        faults.Require(!(Freeze.Vision && Freeze.Text), Freeze.Text, "false, since Freeze.Vision is true and nothing would be trained");
        faults.Require(LogFolder is not { Length: 0 }, LogFolder, "null or a folder");
        faults.Throw();
    }

    private void ValidateOptimization(Faults faults)
    {
        faults.RequirePositive(Optimization.ProjectionLearningRate);
        faults.RequirePositive(Optimization.LogitScaleLearningRate);
        faults.RequirePositive(Optimization.MaxGradientNorm);
        faults.RequireDefined(Optimization.LearningRateDecay);
        faults.Require(Optimization.WeightDecay >= 0 && double.IsFinite(Optimization.WeightDecay), Optimization.WeightDecay, "a number of at least 0");
        faults.Require(Optimization.WarmupRatio is >= 0 and <= 1, Optimization.WarmupRatio, "a number from 0 to 1");
        faults.Require(Optimization.WarmupSteps is null or >= 0, Optimization.WarmupSteps, "null or at least 0");
        faults.Require(Optimization.WarmupSteps is null || Optimization.WarmupRatio == 0, Optimization.WarmupRatio,
            $"0, since Optimization.WarmupSteps is '{Optimization.WarmupSteps}'");
    }

    private void ValidateObjective(Faults faults)
    {
        faults.RequireDefined(Objective.CaptionSampling);
        faults.RequireDefined(Objective.CaptionWeighting);
        faults.RequireDefined(Objective.Pooling);
        faults.RequireDefined(Objective.FalseNegatives);
        faults.RequireDefined(Objective.BidirectionalLoss);
        faults.Require(IsPositive(Objective.QueryScoringTemperature), Objective.QueryScoringTemperature, "a number above 0");
        faults.RequirePositive(Objective.FixedLogitScale);
        faults.Require(!(Objective.ImageTextMatching && Precision == TrainingPrecision.Half), Precision,
            $"{nameof(TrainingPrecision.Full)} or {nameof(TrainingPrecision.BFloat16)}, since Objective.ImageTextMatching is true");
    }

    private void ValidateData(Faults faults)
    {
        faults.RequireColumn(Columns.VideoId);
        faults.RequireColumn(Columns.Captions);
        faults.RequireColumn(Columns.Frames);
        if (Columns.SamplingWeight is not null) faults.RequireColumn(Columns.SamplingWeight);
        faults.Require(Checkpoints.Folder is not { Length: 0 }, Checkpoints.Folder, "null or a folder");
        faults.Require(Checkpoints.EverySteps is null or >= 1, Checkpoints.EverySteps, "null or at least 1");
        faults.Require(Checkpoints.Keep >= 1, Checkpoints.Keep, "at least 1");
        faults.Require(Validation.Fraction is >= 0 and < 1, Validation.Fraction, "a number of at least 0 and below 1");
        faults.Require(Validation.Queries is not { Count: 0 }, "an empty list", "null or at least one query", "Validation.Queries");
        faults.Require(Validation.EarlyStoppingPatience is null or >= 1, Validation.EarlyStoppingPatience, "null or at least 1");
    }

    private static bool IsPositive(double value) => value > 0 && double.IsFinite(value);

    /// <summary>Collects what is wrong; names are those of the checked expressions.</summary>
    private sealed class Faults
    {
        private readonly List<string> _lines = [];

        internal void Require(bool good, object? found, string expected, [CallerArgumentExpression(nameof(found))] string name = "")
        {
            if (!good) _lines.Add(Invariant($"\n- {name} is '{found}'; expected {expected}."));
        }

        internal void RequirePositive(double? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
            Require(value is null || IsPositive(value.Value), value, "null or a number above 0", name);

        internal void RequireColumn(string value, [CallerArgumentExpression(nameof(value))] string name = "") =>
            Require(!string.IsNullOrWhiteSpace(value), value, "a column's name", name);

        internal void RequireDefined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
            where T : struct, Enum => Require(Enum.IsDefined(value), value, string.Join(" or ", Enum.GetNames<T>()), name);

        internal void Throw()
        {
            if (_lines.Count > 0) throw new ArgumentException($"The options of the trainer are not valid:{string.Concat(_lines)}");
        }
    }
}
