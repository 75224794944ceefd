using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;

namespace VideoCaptionRetrieval.TestSupport.Retrieval;

/// <summary>A column that is a function of the video's name, one row at a time.</summary>
internal sealed class PerVideoColumn<T>(DataViewSchema.Column video, DataViewSchema.DetachedColumn column, Func<string, T[]> compute) : BatchComputation
{
    internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; } = [video];

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = [column];

    internal override int RowsPerBatch => 1;

    internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) => new Batch(new(input, video, capacity), column.Type is VectorDataViewType, compute);

    private sealed class Batch(TextInput videos, bool isVector, Func<string, T[]> compute) : ComputationBatch
    {
        private T[] _values = [];

        internal override void Read(int slot) => videos.Read(slot);

        internal override void Compute(int count) => _values = compute(videos[0]);

        internal override Delegate CreateGetter(int output, Func<int> slot) => isVector ? Vector(slot) : Scalar(slot);

        private ValueGetter<VBuffer<T>> Vector(Func<int> slot) => (ref VBuffer<T> value) =>
        {
            slot();
            var editor = VBufferEditor.Create(ref value, _values.Length);
            _values.CopyTo(editor.Values);
            value = editor.Commit();
        };

        private ValueGetter<T> Scalar(Func<int> slot) => (ref T value) =>
        {
            slot();
            value = _values[0];
        };
    }
}
