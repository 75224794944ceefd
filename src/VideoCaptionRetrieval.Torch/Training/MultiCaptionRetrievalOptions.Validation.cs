namespace VideoCaptionRetrieval;

/// <content>The check of all values.</content>
public sealed partial class MultiCaptionRetrievalOptions
{
    /// <summary>Checks all values together.</summary>
    /// <exception cref="ArgumentException">Lists every value that is out of range.</exception>
    internal void Validate()
    {
        var faults = new List<string>();
        void Check(bool good, string name, object? found, string expected)
        {
            if (!good) faults.Add($"{name} is '{found}'; expected {expected}.");
        }
        Check(Epochs >= 1, nameof(Epochs), Epochs, "at least 1");
        Check(BatchSize >= 2, nameof(BatchSize), BatchSize, "at least 2, because a video is contrasted with the others of its batch");
        Check(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a number above 0");
        Check(Steps is null or >= 1, nameof(Steps), Steps, "null or at least 1");
        CheckRates(Check);
        Check(FrozenVisionLayers >= 0, nameof(FrozenVisionLayers), FrozenVisionLayers, "at least 0");
        Check(FrozenTextLayers >= 0, nameof(FrozenTextLayers), FrozenTextLayers, "at least 0");
        Check(!(FreezeVision && FreezeText), nameof(FreezeText), FreezeText, $"false, since {nameof(FreezeVision)} is true and nothing would be trained");
        Check(CheckpointFolder is not { Length: 0 }, nameof(CheckpointFolder), CheckpointFolder, "null or a folder");
        Check(CheckpointEverySteps is null or >= 1, nameof(CheckpointEverySteps), CheckpointEverySteps, "null or at least 1");
        Check(KeepCheckpoints >= 1, nameof(KeepCheckpoints), KeepCheckpoints, "at least 1");
        Check(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), ValidationFraction, "a number from 0 on, below 1");
        Check(EarlyStoppingPatience is null or >= 1, nameof(EarlyStoppingPatience), EarlyStoppingPatience, "null or at least 1");
        Check(LogFolder is not { Length: 0 }, nameof(LogFolder), LogFolder, "null or a folder");
        Check(FrameCount is null or >= 1, nameof(FrameCount), FrameCount, "null or at least 1");
        Check(ImageSize is null or >= 1, nameof(ImageSize), ImageSize, "null or at least 1");
        Check(Temperature > 0 && double.IsFinite(Temperature), nameof(Temperature), Temperature, "a number above 0");
        Check(LogitScale > 0 && double.IsFinite(LogitScale), nameof(LogitScale), LogitScale, "a number above 0");
        Check(ChunkSize is null or >= 1, nameof(ChunkSize), ChunkSize, "null or at least 1");
        Check(Enum.IsDefined(CaptionUse), nameof(CaptionUse), CaptionUse, Names<CaptionUse>());
        Check(Enum.IsDefined(LearningRateDecay), nameof(LearningRateDecay), LearningRateDecay, Names<LearningRateDecay>());
        Check(Enum.IsDefined(Precision), nameof(Precision), Precision, Names<TrainingPrecision>());
        Check(!(ImageTextMatching && Precision == TrainingPrecision.Half), nameof(Precision), Precision,
            $"{nameof(TrainingPrecision.Full)} or {nameof(TrainingPrecision.BFloat16)}, since {nameof(ImageTextMatching)} is true");
        Check(Enum.IsDefined(Pooling), nameof(Pooling), Pooling, Names<FramePooling>());
        Check(Enum.IsDefined(CaptionWeighting), nameof(CaptionWeighting), CaptionWeighting, Names<CaptionWeighting>());
        Check(Enum.IsDefined(LossReduction), nameof(LossReduction), LossReduction, Names<LossReduction>());
        Check(Enum.IsDefined(LogitScalePolicy), nameof(LogitScalePolicy), LogitScalePolicy, Names<LogitScalePolicy>());
        Check(ExampleWeightColumnName is null || !string.IsNullOrWhiteSpace(ExampleWeightColumnName), nameof(ExampleWeightColumnName), ExampleWeightColumnName, "null or a column's name");
        foreach (var (name, column) in Columns()) Check(!string.IsNullOrWhiteSpace(column), name, column, "a column's name");
        if (faults.Count > 0)
            throw new ArgumentException($"The options of the trainer are not valid:{string.Concat(faults.Select(fault => $"\n- {fault}"))}");
    }

    private void CheckRates(Action<bool, string, object?, string> check)
    {
        void Positive(double? value, string name) => check(value is null || (value > 0 && double.IsFinite(value.Value)), name, value, "null or a number above 0");
        Positive(ProjectionLearningRate, nameof(ProjectionLearningRate));
        Positive(LogitScaleLearningRate, nameof(LogitScaleLearningRate));
        Positive(MaxGradientNorm, nameof(MaxGradientNorm));
        check(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "a number of at least 0");
        check(WarmupRatio is >= 0 and <= 1, nameof(WarmupRatio), WarmupRatio, "a number from 0 to 1");
        check(WarmupSteps is null or >= 0, nameof(WarmupSteps), WarmupSteps, "null or at least 0");
        check(WarmupSteps is null || WarmupRatio == 0, nameof(WarmupRatio), WarmupRatio, $"0, since {nameof(WarmupSteps)} is '{WarmupSteps}'");
    }

    private IEnumerable<(string Name, string Column)> Columns() =>
    [
        (nameof(VideoIdColumnName), VideoIdColumnName), (nameof(CaptionsColumnName), CaptionsColumnName),
        (nameof(FramesColumnName), FramesColumnName), (nameof(FrameErrorColumnName), FrameErrorColumnName),
    ];

    private static string Names<T>()
        where T : struct, Enum => string.Join(" or ", Enum.GetNames<T>());
}
