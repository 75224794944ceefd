using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Tests.Batching;

/// <summary>Two computations that count their calls: Double = 2·Numbers (one network), Shout = Name in capitals (another).</summary>
internal sealed class CountingTransformer(IHostEnvironment environment, int rowsPerBatch, bool splits = false) : BatchedTransformer(environment)
{
    internal List<int> DoubleCalls { get; } = [];
    internal List<int> ShoutCalls { get; } = [];
    internal bool Disposed { get; private set; }
    internal string? FailingName { get; set; }
    internal Action? Doubling { get; set; }

    internal override bool SplitsSource => splits;

    private protected override ModelFormat SavedFormat => new("COUNTING", "CountingTransformer");

    internal override IReadOnlyList<BatchComputation> Bind(DataViewSchema input) =>
        [new DoubleComputation(this, ColumnShapes.Require(input, "Numbers", NumberDataViewType.Single, vector: true)), new ShoutComputation(this, ColumnShapes.Require(input, "Name", TextDataViewType.Instance, vector: false))];

    private protected override void Save(ModelWriter writer) => writer.Write(rowsPerBatch);

    private protected override void DisposeNetworks() => Disposed = true;

    private sealed class DoubleComputation(CountingTransformer owner, DataViewSchema.Column column) : BatchComputation
    {
        internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; } = [column];
        internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = [new("Double", column.Type)];
        internal override int RowsPerBatch => owner.RowsPerBatch;
        internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) => new Batch(owner, new VectorInput<float>(input, column, capacity));

        private sealed class Batch(CountingTransformer owner, VectorInput<float> numbers) : ComputationBatch
        {
            private readonly float[] _results = new float[numbers.Values.Length];
            internal override void Read(int slot) => numbers.Read(slot);
            internal override Delegate CreateGetter(int output, Func<int> slot) => ColumnGetters.Vector(_results, numbers.Length, slot);
            internal override void Compute(int count)
            {
                owner.Doubling?.Invoke();
                lock (owner.DoubleCalls) owner.DoubleCalls.Add(count);
                for (var i = 0; i < count * numbers.Length; i++) _results[i] = 2 * numbers.Values[i];
            }
        }
    }

    private sealed class ShoutComputation(CountingTransformer owner, DataViewSchema.Column column) : BatchComputation
    {
        internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; } = [column];
        internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = [new("Shout", TextDataViewType.Instance)];
        internal override int RowsPerBatch => owner.RowsPerBatch;
        internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) => new Batch(owner, new TextInput(input, column, capacity), capacity);

        private sealed class Batch(CountingTransformer owner, TextInput names, int capacity) : ComputationBatch
        {
            private readonly ReadOnlyMemory<char>[] _results = new ReadOnlyMemory<char>[capacity];
            internal override void Read(int slot)
            {
                names.Read(slot);
                if (names[slot] == owner.FailingName) throw new IOException($"'{names[slot]}' is unreadable");
            }

            internal override Delegate CreateGetter(int output, Func<int> slot) => ColumnGetters.Scalar(_results, slot);
            internal override void Compute(int count)
            {
                lock (owner.ShoutCalls) owner.ShoutCalls.Add(count);
                for (var i = 0; i < count; i++) _results[i] = names[i].ToUpperInvariant().AsMemory();
            }
        }
    }

    private int RowsPerBatch => rowsPerBatch;
}
