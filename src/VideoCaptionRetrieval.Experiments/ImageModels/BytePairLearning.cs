namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>Byte-pair encoding learnt from a list of words (Sennrich, Haddow, Birch, arXiv 1508.07909).</summary>
internal static class BytePairLearning
{
    /// <summary>
    /// The commonest pair of neighbours is merged, time after time, until every word is one token. Of equally common pairs the first
    /// by ordinal comparison comes first.
    /// </summary>
    /// <param name="words">Each word as the letters that it starts from.</param>
    /// <returns>Lines of a merges.txt, such as "d o".</returns>
    internal static List<string> Merges(IEnumerable<IEnumerable<string>> words)
    {
        var parts = words.Select(word => word.ToList()).ToList();
        var merges = new List<string>();
        while (parts.SelectMany(word => word.Zip(word.Skip(1))).CountBy(pair => pair)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.First, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Second, StringComparer.Ordinal).Select(pair => pair.Key).FirstOrDefault() is { First: not null } best)
        {
            merges.Add($"{best.First} {best.Second}");
            foreach (var word in parts) Merge(word, best);
        }
        return merges;
    }

    private static void Merge(List<string> word, (string First, string Second) pair)
    {
        for (var i = 0; i + 1 < word.Count; i++)
        {
            if ((word[i], word[i + 1]) != pair) continue;
            word[i] += word[i + 1];
            word.RemoveAt(i + 1);
        }
    }
}
