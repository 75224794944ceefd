using System.Globalization;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>Refuses embeddings that are no numbers, where they enter an index or a search.</summary>
internal static class FiniteEmbedding
{
    /// <param name="whose">What was embedded, for the message.</param>
    /// <param name="values">Embeddings, one after the other.</param>
    /// <exception cref="InvalidDataException">A value is NaN or infinite.</exception>
    internal static void Require(string whose, ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (float.IsFinite(value)) continue;
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"The embedding of {whose} holds '{value}'; expected finite numbers. The model that made it is broken: take another one, or an "
                + $"earlier checkpoint of its training."));
        }
    }
}
