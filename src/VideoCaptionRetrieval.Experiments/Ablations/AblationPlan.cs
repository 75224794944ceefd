using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>
/// A declared grid of trainings, as a JSON file:
/// <code>
/// {
///   "models": "models",                       or "clip": DIR and "captioners": {NAME: DIR}
///   "seeds": [1, 2, 3],
///   "dataSets": [
///     {"name": "shapes", "world": {"gap": 0.5}, "trainVideos": 1200, "testVideos": 1000},
///     {"name": "mine", "train": PATH, "test": PATH, "queries": FILE, "truth": FILE}
///   ],
///   "base": {"steps": 160},                   what all conditions share
///   "tables": [
///     {"title": "Captioners", "pooling": "queryScoring", "reference": "BLIP", "rows": [{"name": "BLIP", "captioners": ["blip"]}], "grid": {"learningRate": [0.0001, 0.0003]}}
///   ]
/// }
/// </code>
/// Rows, base and grid name properties of <see cref="Condition"/>; every row is run with every combination of the grid's values.
/// </summary>
public sealed class AblationPlan
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new SelectionRuleNames(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>A folder with clip, blip and clipcap.</summary>
    public string? Models { get; init; }

    /// <summary>The CLIP, where <see cref="Models"/> does not name it.</summary>
    public string? Clip { get; init; }

    /// <summary>Folders of captioners by name.</summary>
    public Dictionary<string, string>? Captioners { get; init; }

    /// <summary>Each draws a world's videos and the fine-tuning anew.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];

    /// <summary>What is trained and tested on.</summary>
    public IReadOnlyList<PlannedDataSet> DataSets { get; init; } = [];

    /// <summary>Properties that all conditions share.</summary>
    public JsonObject Base { get; init; } = [];

    /// <summary>The tables.</summary>
    public IReadOnlyList<PlannedTable> Tables { get; init; } = [];

    /// <summary>Reads and checks a plan.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no plan; the message lists every fault.</exception>
    public static AblationPlan Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no plan '{path}'.", path);
        try
        {
            var plan = JsonSerializer.Deserialize<AblationPlan>(File.ReadAllText(path), _json)!;
            var faults = plan.Faults().ToList();
            return faults.Count == 0 ? plan : throw new InvalidDataException($"The plan '{path}' is not valid:{string.Concat(faults.Select(fault => $"\n- {fault}"))}");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is no plan: {e.Message}", e);
        }
    }

    /// <summary>CLIP and captioners.</summary>
    internal ExperimentModels ToModels()
    {
        var shipped = Models is null ? null : ExperimentModels.In(Models);
        return new(Clip ?? shipped!.Clip, Captioners ?? shipped!.Captioners);
    }

    /// <summary>The conditions of a table, row after row.</summary>
    internal IEnumerable<NamedCondition> Conditions(PlannedTable table) => table.Rows.SelectMany(row => Combinations(table.Grid).Select(chosen =>
    {
        var merged = new JsonObject();
        foreach (var (name, value) in Base.Concat(row).Concat(chosen).Where(property => property.Key != PlannedTable.NameProperty))
            merged[name] = value?.DeepClone();
        string[] labels = [PlannedTable.NameOf(row), .. chosen.Select(one => $"{one.Key} {Label(one.Value)}")];
        return new NamedCondition(string.Join(", ", labels.Where(label => label.Length > 0)), merged.Deserialize<Condition>(_json)!);
    }));

    private static string Label(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray several => string.Join(" + ", several.Select(Label)),
        _ => value.ToJsonString().Trim('"'),
    };

    private static IEnumerable<List<KeyValuePair<string, JsonNode?>>> Combinations(Dictionary<string, JsonArray> grid) =>
        grid.Aggregate((IEnumerable<List<KeyValuePair<string, JsonNode?>>>)[[]],
            (all, axis) => all.SelectMany(_ => axis.Value, (chosen, value) => new List<KeyValuePair<string, JsonNode?>>(chosen) { new(axis.Key, value) }));

    private IEnumerable<string> Faults()
    {
        if (Models is null && (Clip is null || Captioners is null)) yield return "there are no models; expected \"models\", or \"clip\" and \"captioners\"";
        if (Seeds.Count == 0) yield return "\"seeds\" is empty";
        if (DataSets.Count == 0) yield return "\"dataSets\" is empty";
        if (Tables.Count == 0) yield return "\"tables\" is empty";
        foreach (var twice in DataSets.GroupBy(set => set.Name).Where(group => group.Count() > 1)) yield return $"two data sets are named '{twice.Key}'";
        foreach (var fault in DataSets.SelectMany(set => set.Faults())) yield return fault;
        foreach (var table in Tables)
        {
            if (table.Rows.Count == 0) yield return $"table '{table.Title}' has no rows";
            if (table.Reference is { } reference && Conditions(table).All(row => row.Name != reference))
                yield return $"table '{table.Title}' names the row '{reference}' as its reference; expected one of '{string.Join("', '", Conditions(table).Select(row => row.Name))}'";
            foreach (var condition in Conditions(table))
                foreach (var fault in condition.Condition.Faults().Concat(Absent(condition.Condition))) yield return $"table '{table.Title}', row '{condition.Name}': {fault}";
        }
    }

    private IEnumerable<string> Absent(Condition condition)
    {
        foreach (var name in (condition.TrainOn ?? []).Except(DataSets.Select(set => set.Name)))
            yield return $"trainOn names '{name}', which is no data set";
        if (condition.Captions == CaptionOrigin.Stills) yield return "captions is 'stills', which a plan has none of; vcr world prove --full trains on them";
    }
}

/// <summary>A table of a plan.</summary>
public sealed class PlannedTable
{
    internal const string NameProperty = "name";

    /// <summary>Its heading.</summary>
    public string Title { get; init; } = "";

    /// <summary>How frames are pooled in the tests.</summary>
    public FramePooling Pooling { get; init; } = FramePooling.QueryScoring;

    /// <summary>The name of the row that the others are compared with; null = the first.</summary>
    public string? Reference { get; init; }

    /// <summary>A name and properties of a condition each.</summary>
    public IReadOnlyList<JsonObject> Rows { get; init; } = [[]];

    /// <summary>Lists of values by property: every row is run with every combination.</summary>
    public Dictionary<string, JsonArray> Grid { get; init; } = [];

    internal static string NameOf(JsonObject row) => row[NameProperty]?.GetValue<string>() ?? "";
}

/// <summary>A row of a table.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Condition">How it trains.</param>
internal sealed record NamedCondition(string Name, Condition Condition);
