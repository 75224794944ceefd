using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>The rows of a view that are the first of their video: a table of captions has several rows for one.</summary>
internal sealed class DistinctVideosView : IDataView
{
    private readonly IDataView _source;
    private readonly IReadOnlyList<bool> _isFirst;

    private DistinctVideosView(IDataView source, IReadOnlyList<bool> isFirst) => (_source, _isFirst) = (source, isFirst);

    public bool CanShuffle => false;

    public DataViewSchema Schema => _source.Schema;

    /// <summary>Reads the names of all rows, and leaves out those whose video an earlier row is about.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="clips">The columns that name the clip.</param>
    /// <returns>The source itself, where each row is a video of its own.</returns>
    /// <exception cref="InvalidDataException">Two rows of one name are about different files or parts.</exception>
    internal static IDataView Of(IDataView source, ClipColumns clips)
    {
        var (videos, isFirst) = (new VideoClipSet(), new List<bool>());
        using var cursor = source.GetRowCursor(clips.In(source.Schema));
        var read = clips.CreateReader(cursor);
        while (cursor.MoveNext())
        {
            var clip = read();
            isFirst.Add(ReferenceEquals(videos.Add(clip), clip));
        }
        return isFirst.TrueForAll(first => first) ? source : new DistinctVideosView(source, isFirst);
    }

    public long? GetRowCount() => _isFirst.Count(first => first);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(_source.GetRowCursor(columnsNeeded), _isFirst);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, IReadOnlyList<bool> isFirst) : DataViewRowCursor
    {
        private long _position = -1;
        private int _row;

        public override DataViewSchema Schema => input.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            while (input.MoveNext())
            {
                if (!isFirst[_row++]) continue;
                _position++;
                return true;
            }
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing) input.Dispose();
            base.Dispose(disposing);
        }
    }
}
