namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Tells names of checkpoints from paths, and says what is wrong with one that leads nowhere.</summary>
internal static class ModelName
{
    private const int MaxMistakes = 3;

    /// <summary>Whether a text may name a checkpoint of the hub: a known name, or OWNER/NAME. What begins like a path is a path.</summary>
    internal static bool IsName(string model) => model.Length > 0 && model[0] is not ('.' or '/' or '~')
        && (KnownModels.Find(model) is not null || (model.Contains('/', StringComparison.Ordinal) && RepositoryName.IsValid(model)));

    /// <summary>The folder of a name's checkpoint in the cache.</summary>
    internal static string FolderName(string model) => KnownModels.Find(model)?.Name ?? model.Replace("/", "--", StringComparison.Ordinal);

    /// <summary>Says why a text leads to no checkpoint, as a clause after its quotation.</summary>
    internal static string Missing(string model)
    {
        if (IsName(model) && KnownModels.Find(model) is { } known)
        {
            return known.ByHand is { } remark
                ? $"it is not here and cannot be fetched by a program: {remark}"
                : $"it is not in the cache yet; {nameof(ModelHub)}.{nameof(ModelHub.GetAsync)}(\"{known.Name}\") or 'vcr models get {known.Name}' fetches it"
                    + (known.Bytes is { } bytes ? $" ({ByteSize.Text(bytes)})" : "");
        }
        var here = $"it does not exist (working directory '{Directory.GetCurrentDirectory()}')";
        if (Similar(model) is { } similar) return $"{here}, and no checkpoint has that name; did you mean '{similar}'?";
        return IsName(model)
            ? $"{here}, and no repository of that name is in the cache; {nameof(ModelHub)}.{nameof(ModelHub.GetAsync)}(\"{model}\") or 'vcr models get {model}' fetches one"
            : here;
    }

    /// <summary>A known name that differs by a few letters; null where there is none.</summary>
    internal static string? Similar(string model)
    {
        var best = KnownModels.All.Select(known => known.Name).MinBy(name => Distance(name, model))!;
        return Distance(best, model) <= Math.Min(MaxMistakes, model.Length / 4) ? best : null;
    }

    /// <summary>Letters to insert, delete, replace or swap with the next one, whatever their case (Damerau, 1964; each letter is touched once).</summary>
    private static int Distance(string one, string other)
    {
        var cost = new int[one.Length + 1, other.Length + 1];
        bool Same(int i, int j) => char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]);
        for (var i = 0; i <= one.Length; i++)
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }
                cost[i, j] = Math.Min(cost[i - 1, j - 1] + (Same(i, j) ? 0 : 1), Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Same(i, j - 1) && Same(i - 1, j)) cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        return cost[one.Length, other.Length];
    }
}
