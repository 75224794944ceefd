using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Reads queries, embeds them, and finds their target videos.</summary>
public static class RetrievalQueries
{
    /// <summary>Reads a view of queries; rows without any sentence are left out.</summary>
    /// <param name="queries">The view.</param>
    /// <param name="videoIdColumn">The column that names a query's video.</param>
    /// <param name="textColumn">The column of texts.</param>
    /// <param name="blank">Receives the number of rows without any sentence.</param>
    /// <exception cref="ArgumentException">A column is missing or has another type, or there is no query.</exception>
    internal static List<RetrievalQuery> Read(IDataView queries, string videoIdColumn, string textColumn, out int blank)
    {
        var id = ColumnShapes.Require(queries.Schema, videoIdColumn, TextDataViewType.Instance, vector: false);
        var text = queries.Schema.GetColumnOrNull(textColumn) ?? throw new ArgumentException(
            $"The queries have no column '{textColumn}'; expected Text (one query), or Vector<Text> (one query of several sentences).",
            nameof(queries));
        using var cursor = queries.GetRowCursor([id, text]);
        var readId = RowReader.Text(cursor, id);
        var readSentences = Sentences(cursor, text);
        var result = new List<RetrievalQuery>();
        for (blank = 0; cursor.MoveNext();)
        {
            if (readSentences() is { Count: > 0 } sentences) result.Add(new(readId(), sentences));
            else blank++;
        }
        return result.Count > 0
            ? result
            : throw new ArgumentException("There is no query; expected at least one row with a text.", nameof(queries));
    }

    /// <summary>Embeds the sentences of each query, [L, D].</summary>
    public static IReadOnlyList<float[]> Embed(IReadOnlyList<RetrievalQuery> queries, IDualEncoder encoder)
    {
        var sentences = queries.SelectMany(query => query.Sentences).ToList();
        var embeddings = new float[sentences.Count * encoder.Dimension];
        encoder.EmbedTexts(sentences, embeddings);
        var result = new List<float[]>(queries.Count);
        var start = 0;
        foreach (var query in queries)
        {
            var length = query.Sentences.Count * encoder.Dimension;
            result.Add(embeddings.AsSpan(start, length).ToArray());
            start += length;
        }
        return result;
    }

    /// <summary>Finds for each query the index of its video, or −1; './' and repeated '/' in names do not count.</summary>
    public static int[] FindTargets(IReadOnlyList<RetrievalQuery> queries, IReadOnlyList<string> videoIds)
    {
        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < videoIds.Count; i++) indices.TryAdd(VideoListing.Normalise(videoIds[i]), i);
        return [.. queries.Select(query => indices.GetValueOrDefault(VideoListing.Normalise(query.VideoId), -1))];
    }

    private static Func<List<string>> Sentences(DataViewRow row, DataViewSchema.Column column)
    {
        ColumnShapes.Require(row.Schema, column.Name, TextDataViewType.Instance, vector: column.Type is VectorDataViewType);
        var read = RowReader.List<ReadOnlyMemory<char>>(row, column);
        return () => [.. read().Select(text => text.ToString()).Where(text => !string.IsNullOrWhiteSpace(text))];
    }
}

/// <summary>A query of one or several sentences, and the video that it describes.</summary>
/// <param name="VideoId">The video's name.</param>
/// <param name="Sentences">At least one.</param>
public sealed record RetrievalQuery(string VideoId, IReadOnlyList<string> Sentences);
