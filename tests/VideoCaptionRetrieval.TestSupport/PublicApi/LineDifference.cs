namespace VideoCaptionRetrieval.TestSupport.PublicApi;

/// <summary>The lines in which two texts differ.</summary>
internal static class LineDifference
{
    private const int Limit = 60;

    /// <summary>Removed lines with '-', added ones with '+', in the order of the texts; at most 60.</summary>
    internal static string Between(string before, string after)
    {
        string[] old = before.Split('\n'), @new = after.Split('\n');
        var common = CommonLengths(old, @new);
        List<string> lines = [];
        int i = 0, j = 0;
        while (i < old.Length || j < @new.Length)
        {
            if (i < old.Length && j < @new.Length && old[i] == @new[j]) (i, j) = (i + 1, j + 1);
            else if (i < old.Length && (j == @new.Length || common[i + 1, j] >= common[i, j + 1])) lines.Add("- " + old[i++].Trim());
            else lines.Add("+ " + @new[j++].Trim());
        }
        var more = lines.Count > Limit ? $"{Environment.NewLine}… and {lines.Count - Limit} lines more" : "";
        return string.Join(Environment.NewLine, lines.Take(Limit)) + more;
    }

    /// <summary>[i, j]: length of the longest common subsequence of the lines from i and from j.</summary>
    private static int[,] CommonLengths(string[] old, string[] @new)
    {
        var lengths = new int[old.Length + 1, @new.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = @new.Length - 1; j >= 0; j--)
                lengths[i, j] = old[i] == @new[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        return lengths;
    }
}
