using System.Globalization;
using System.IO.Hashing;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Torch.Training.Data;
using VideoCaptionRetrieval.Torch.Training.Options;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>Identifies everything that a training's result depends on: it goes on from checkpoints with the same fingerprint only.</summary>
internal static class TrainingFingerprint
{
    private static readonly JsonSerializerOptions _json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Hashes the checkpoint's path, the options that count, and the videos with their captions, scores and weights.</summary>
    /// <param name="checkpoint">The checkpoint that the training began with.</param>
    /// <param name="items">The videos that are trained on.</param>
    /// <param name="options">Options in which the data and the MLContext have settled seed and frame count.</param>
    internal static string Compute(string checkpoint, IReadOnlyList<TrainingItem> items, MultiCaptionRetrievalOptions options)
    {
        var hash = new XxHash128();
        Add(hash, checkpoint, Serialize(options));
        Add(hash, items, weighted: options.Columns.SamplingWeight is not null);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>Hashes the videos of a validation set with their captions: what was measured on another one says nothing.</summary>
    /// <param name="items">The videos; null where there is no validation set.</param>
    /// <returns>Empty where there is none.</returns>
    internal static string ComputeValidation(IReadOnlyList<TrainingItem>? items)
    {
        if (items is null) return "";
        var hash = new XxHash128();
        Add(hash, items, weighted: false);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void Add(XxHash128 hash, IReadOnlyList<TrainingItem> items, bool weighted)
    {
        foreach (var item in items)
        {
            Add(hash, item.Clip.VideoId, item.Clip.Start, item.Clip.End, item.Captions.Count);
            Add(hash, [.. item.Captions]);
            foreach (var score in item.Scores ?? []) Add(hash, score);
            if (weighted) Add(hash, item.Weight);
        }
    }

    private static void Add(XxHash128 hash, params object?[] values)
    {
        foreach (var value in values) hash.Append(Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) + "\0"));
    }

    /// <summary>
    /// Writes the options that change a number and are not at their default as JSON, such as {"BatchSize":8,"Optimization.WeightDecay":0.2}. A
    /// default is left out so that trainings go on when a new version has more options.
    /// </summary>
    internal static string Serialize(MultiCaptionRetrievalOptions options)
    {
        var values = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        Collect(options, new MultiCaptionRetrievalOptions(), "", values);
        return JsonSerializer.Serialize(values, _json);
    }

    private static void Collect(object options, object defaults, string prefix, SortedDictionary<string, object?> values)
    {
        foreach (var property in options.GetType().GetProperties().Where(property => !property.IsDefined(typeof(DoesNotChangeResultAttribute))))
        {
            var (name, value, usual) = (prefix + property.Name, property.GetValue(options), property.GetValue(defaults));
            if (IsGroup(property.PropertyType)) Collect(value!, usual!, name + ".", values);
            else if (!Equals(value, usual)) values[name] = value;
        }
    }

    /// <summary>Whether a property holds options of its own.</summary>
    internal static bool IsGroup(Type type) => type.IsClass && type != typeof(string);
}
