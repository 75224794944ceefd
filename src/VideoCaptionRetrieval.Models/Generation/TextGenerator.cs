using System.Runtime.ExceptionServices;

namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>
/// Generates one text for each image of a decoder, by the rules of transformers 4.46 (generation/utils.py, beam_search.py).
/// </summary>
internal static class TextGenerator
{
    /// <param name="decoder">A decoder that has not been started; the search leaves it at its last step.</param>
    /// <param name="prompt">The start token and the prompt, the same for all images.</param>
    /// <param name="settings">Decoding settings.</param>
    /// <param name="cancellationToken">Checked before each step.</param>
    /// <param name="seeds">One for each image, where tokens are drawn.</param>
    /// <returns>One text for each image, in order.</returns>
    internal static GeneratedText[] Generate(IStepDecoder decoder, ReadOnlySpan<int> prompt, ResolvedGeneration settings,
        CancellationToken cancellationToken, IReadOnlyList<int>? seeds = null)
    {
        RequireRoom(prompt.Length, settings);
        if (settings.Beams > 1 && decoder.VocabularySize < 2 * settings.Beams)
        {
            throw new ArgumentException($"Beams is '{settings.Beams}'; a vocabulary of {decoder.VocabularySize} tokens allows at most "
                + $"{decoder.VocabularySize / 2}.", nameof(settings));
        }
        if (decoder.Images == 0) return [];
        if (settings.Beams == 1) return new GreedyOrSampledDecoding(decoder, prompt, settings, seeds ?? []).Run(cancellationToken);
        return settings.Variant == BeamSearchVariant.ClipCap
            ? [.. new ClipCapBeamSearch(decoder, prompt, settings).Run(cancellationToken).Select(beams => beams[0])]
            : new BeamSearch(decoder, prompt, settings).Run(cancellationToken);
    }

    /// <exception cref="ArgumentException">The prompt alone reaches the greatest length.</exception>
    internal static void RequireRoom(int promptLength, ResolvedGeneration settings)
    {
        if (promptLength >= settings.MaxLength)
        {
            throw new ArgumentException(
                $"The start token and the prompt are {promptLength} tokens; the greatest length, '{settings.MaxLength}', "
                + "leaves no room for a text. Raise MaxLength or shorten the prompt.", nameof(promptLength));
        }
    }

    /// <summary>
    /// Lists the slots that remain when the finished ones leave: each keeps its number, or moves from the end to fill a gap.
    /// </summary>
    internal static List<int> Remaining(int slots, Func<int, bool> finished)
    {
        var kept = Enumerable.Range(0, slots).ToList();
        for (var slot = 0; slot < kept.Count;)
        {
            if (!finished(kept[slot]))
            {
                slot++;
                continue;
            }
            kept[slot] = kept[^1];
            kept.RemoveAt(kept.Count - 1);
        }
        return kept;
    }

    /// <summary>Runs <paramref name="work"/> for each slot in parallel: the vocabulary is long, and a GPU would wait meanwhile.</summary>
    internal static void ForEachSlot(int slots, Action<int> work)
    {
        if (slots == 1)
        {
            work(0);
            return;
        }
        try
        {
            Parallel.For(0, slots, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <exception cref="InvalidOperationException">A score is not a number.</exception>
    internal static void RequireNotNaN(float score)
    {
        if (float.IsNaN(score))
        {
            throw new InvalidOperationException("The decoder's scores are not numbers: the checkpoint or the pixel values hold NaN or "
                + "infinite values.");
        }
    }
}

/// <summary>A generated text.</summary>
/// <param name="Ids">
/// The start token, the prompt, the generated tokens, and the end token where the text ended before the maximum length.
/// </param>
/// <param name="Score">
/// Summed log-probabilities / (generated tokens ^ length penalty), the end token counted; NaN for greedy search.
/// </param>
internal sealed record GeneratedText(int[] Ids, double Score);
