using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace VideoCaptionRetrieval.Interop;

/// <summary>Access to ML.NET's splitter of cursors.</summary>
internal static class ParallelCursors
{
    /// <summary>
    /// Splits a cursor into <paramref name="count"/> cursors for as many threads; the rows keep their batch numbers, by which ML.NET
    /// puts them into order again. The given cursor alone comes back where its columns cannot be copied between threads.
    /// </summary>
    internal static DataViewRowCursor[] Split(IHostEnvironment environment, DataViewRowCursor cursor, int count) =>
        DataViewUtils.CreateSplitCursors(environment, cursor, count);
}
