using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Tests.Generation;

/// <summary>Greedy and beam search of one image in plain loops over whole texts: the oracle of the batched searches.</summary>
internal static class PlainSearch
{
    internal static int[] Greedy(Func<int[], float[]> logits, int[] prompt, ResolvedGeneration generation)
    {
        var ids = prompt;
        while (ids.Length < generation.MaxLength)
        {
            var scores = Penalised(ids, logits(ids).Select(x => (double)x).ToArray(), generation);
            ids = [.. ids, Array.IndexOf(scores, scores.Max())];
            if (ids[^1] == generation.EndId) break;
        }
        return ids;
    }

    internal static (int[] Ids, double Score) Beams(Func<int[], float[]> logits, int[] prompt, ResolvedGeneration generation)
    {
        var open = new List<(int[] Ids, double Sum)> { (prompt, 0) };
        var finished = new List<(int[] Ids, double Score)>();
        void Finish(int[] ids, double sum)
        {
            finished.Add((ids, sum / Math.Pow(ids.Length - prompt.Length, generation.LengthPenalty)));
            if (finished.Count > generation.Beams) finished.Remove(finished.MinBy(text => text.Score));
        }
        while (true)
        {
            var candidates = open
                .SelectMany(beam => LogProbabilities(beam.Ids, logits, generation).Select((score, token) => (Ids: (int[])[.. beam.Ids, token], Sum: beam.Sum + score)))
                .OrderByDescending(candidate => candidate.Sum).Take(2 * generation.Beams).ToList();
            for (var rank = 0; rank < generation.Beams; rank++)
                if (candidates[rank].Ids[^1] == generation.EndId) Finish(candidates[rank].Ids, candidates[rank].Sum);
            open = [.. candidates.Where(candidate => candidate.Ids[^1] != generation.EndId).Take(generation.Beams)];
            var length = candidates[0].Ids.Length;
            var attainable = candidates[0].Sum / Math.Pow(length - prompt.Length, generation.LengthPenalty);
            if (finished.Count == generation.Beams && (generation.EarlyStopping || finished.Min(text => text.Score) >= attainable)) break;
            if (length < generation.MaxLength) continue;
            foreach (var (ids, sum) in open) Finish(ids, sum);
            break;
        }
        return finished.MaxBy(text => text.Score);
    }

    private static double[] LogProbabilities(int[] ids, Func<int[], float[]> logits, ResolvedGeneration generation)
    {
        var row = logits(ids);
        var logSum = Math.Log(row.Sum(x => Math.Exp(x)));
        return Penalised(ids, row.Select(x => x - logSum).ToArray(), generation);
    }

    private static double[] Penalised(int[] ids, double[] scores, ResolvedGeneration generation)
    {
        foreach (var token in ids.Distinct())
            scores[token] = scores[token] < 0 ? scores[token] * generation.RepetitionPenalty : scores[token] / generation.RepetitionPenalty;
        for (var token = 0; token < scores.Length; token++)
            if (generation.NoRepeatNgramSize > 0 && EndsInRepetition([.. ids, token], generation.NoRepeatNgramSize)) scores[token] = double.NegativeInfinity;
        if (ids.Length < generation.MinLength) scores[generation.EndId] = double.NegativeInfinity;
        return scores;
    }

    private static bool EndsInRepetition(int[] ids, int size) => ids.Length > size
        && Enumerable.Range(0, ids.Length - size).Any(start => ids.Skip(start).Take(size).SequenceEqual(ids.TakeLast(size)));
}
