using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Evaluation;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Files of queries: lines with "video" and "text", several of which may be about one video.</summary>
internal static class QueryLines
{
    /// <summary>Reads a file; lines with a blank text are left out.</summary>
    /// <exception cref="InvalidDataException">A line is broken.</exception>
    /// <exception cref="UserErrorException">There is no query.</exception>
    internal static IReadOnlyList<RetrievalQuery> Read(string path)
    {
        var queries = JsonLines.Read(path, line => new RetrievalQuery(line.Clip().VideoId, [line.RequiredText("text")]))
            .Where(query => !string.IsNullOrWhiteSpace(query.Sentences[0])).ToList();
        return queries.Count > 0 ? queries : throw None(path);
    }

    /// <summary>Creates the error for a file without a query.</summary>
    internal static UserErrorException None(string path) =>
        new($"'{path}' holds no query; expected lines like {{\"video\":\"clips/dog.mp4\",\"text\":\"a dog runs\"}}.");
}
