using System.Reflection;
using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Torch.Training.Data;
using VideoCaptionRetrieval.Torch.Training.Options;
using VideoCaptionRetrieval.Torch.Training.Runs;

namespace VideoCaptionRetrieval.Torch.Tests.Training.Runs;

public sealed class TrainingFingerprintTests
{
    private static readonly TrainingItem[] _items = [new(new("v0", "v0.mp4"), ["a", "b"], [1, 2]), new(new("v1", "v1.mp4"), ["c"], [3])];

    public static TheoryData<string> Paths => [.. Properties().Select(one => one.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Compute_AnyOptionChanged_AnotherFingerprintUnlessMarked(string path)
    {
        var (_, group, property) = Properties().Single(one => one.Path == path);
        var options = new MultiCaptionRetrievalOptions();
        var owner = group is null ? options : group.GetValue(options)!;
        property.SetValue(owner, Another(property.PropertyType, property.GetValue(owner)));
        var same = TrainingFingerprint.Compute("clip", _items, options) == TrainingFingerprint.Compute("clip", _items, new());
        Assert.Equal(property.IsDefined(typeof(DoesNotChangeResultAttribute)), same);
    }

    [Fact]
    public void DoesNotChangeResult_MarksTheseOptions()
    {
        var marked = Properties().Where(one => one.Property.IsDefined(typeof(DoesNotChangeResultAttribute))).Select(one => one.Path);
        Assert.Equal(
            ["CancellationToken", "Checkpoints.EverySteps", "Checkpoints.Folder", "Checkpoints.Keep", "LogFolder", "Progress"],
            marked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Serialize_Defaults_AreLeftOut()
    {
        Assert.Equal("{}", TrainingFingerprint.Serialize(new()));
        Assert.Equal("""{"BatchSize":8,"Objective.CaptionSampling":"OneRandom","Optimization.WeightDecay":0.2}""", TrainingFingerprint.Serialize(new()
        {
            BatchSize = 8,
            Epochs = MultiCaptionRetrievalOptions.DefaultEpochs,
            Optimization = { WeightDecay = 0.2, WarmupRatio = 0 },
            Objective = { CaptionSampling = CaptionSampling.OneRandom },
            LogFolder = "logs",
        }));
    }

    [Fact]
    public void Copy_EveryGroup_IsCopied()
    {
        var options = new MultiCaptionRetrievalOptions();
        var copy = options.Copy();
        var groups = typeof(MultiCaptionRetrievalOptions).GetProperties().Where(IsGroup).ToList();
        Assert.Equal(6, groups.Count);
        Assert.All(groups, group => Assert.NotSame(group.GetValue(options), group.GetValue(copy)));
    }

    [Fact]
    public void Compute_OtherData_OtherFingerprint()
    {
        static string Of(string checkpoint, params TrainingItem[] items) => TrainingFingerprint.Compute(checkpoint, items, new());
        var (first, second) = (_items[0], _items[1]);
        string[] prints =
        [
            Of("clip", _items), Of("other", _items), Of("clip", first), Of("clip", second, first),
            Of("clip", first with { Captions = ["a", "c"] }, second), Of("clip", first with { Scores = [1, 3] }, second),
            Of("clip", first with { Clip = new("v2", "v0.mp4") }, second), Of("clip", first with { Clip = new("v0", "v0.mp4", 1, 2) }, second),
            Of("clip", first with { Captions = ["a"] }, second with { Captions = ["b", "c"] }),
        ];
        Assert.Equal(prints.Length, prints.Distinct().Count());
    }

    [Fact]
    public void ComputeValidation_OtherVideosOrCaptionsOrNone_OtherFingerprint()
    {
        string[] prints =
        [
            TrainingFingerprint.ComputeValidation(null), TrainingFingerprint.ComputeValidation(_items), TrainingFingerprint.ComputeValidation([_items[0]]),
            TrainingFingerprint.ComputeValidation([_items[0] with { Captions = ["a", "c"] }, _items[1]]),
        ];
        Assert.Equal(prints.Length, prints.Distinct().Count());
    }

    /// <summary>All options, those of groups with their group.</summary>
    private static IEnumerable<(string Path, PropertyInfo? Group, PropertyInfo Property)> Properties() =>
        typeof(MultiCaptionRetrievalOptions).GetProperties().SelectMany(property => IsGroup(property)
            ? property.PropertyType.GetProperties().Select(inner => ($"{property.Name}.{inner.Name}", (PropertyInfo?)property, inner))
            : [(property.Name, null, property)]);

    private static bool IsGroup(PropertyInfo property) => TrainingFingerprint.IsGroup(property.PropertyType);

    private static object Another(Type type, object? value)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare.IsEnum) return Enum.GetValues(bare).Cast<object>().First(one => !one.Equals(value));
        return bare switch
        {
            _ when bare == typeof(int) => (value as int? ?? 0) + 1,
            _ when bare == typeof(double) => (value as double? ?? 0) + 0.5,
            _ when bare == typeof(bool) => !(bool)value!,
            _ when bare == typeof(string) => (string)value! + "x",
            _ when bare == typeof(IReadOnlyList<RetrievalQuery>) => new[] { new RetrievalQuery("v0", ["a"]) },
            _ when bare == typeof(IProgress<TrainingProgress>) => new Progress<TrainingProgress>(),
            _ when bare == typeof(CancellationToken) => new CancellationToken(canceled: true),
            _ => throw new InvalidOperationException($"No other value of a {type} is known: add one here."),
        };
    }
}
