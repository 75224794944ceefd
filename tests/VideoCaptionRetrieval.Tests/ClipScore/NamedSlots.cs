using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Tests.ClipScore;

/// <summary>Copies a column of texts under another name, with the slot names of captions.</summary>
internal sealed class NamedSlots(IHostEnvironment environment, string from, string to, CaptionSlots slots) : BatchedTransformer(environment)
{
    private protected override ModelFormat SavedFormat => new("NAMEDSLO", "NamedSlots");

    internal override IReadOnlyList<BatchComputation> Bind(DataViewSchema input) => [new Copy(input[from], to, slots)];

    private protected override void Save(ModelWriter writer) => writer.Write(from);

    private sealed class Copy(DataViewSchema.Column column, string to, CaptionSlots slots) : BatchComputation
    {
        internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; } = [column];
        internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = [new(to, new VectorDataViewType(TextDataViewType.Instance, slots.Count), slots.ToAnnotations())];
        internal override int RowsPerBatch => 1;
        internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) => new Batch(new VectorInput<ReadOnlyMemory<char>>(input, column, capacity));
    }

    private sealed class Batch(VectorInput<ReadOnlyMemory<char>> texts) : ComputationBatch
    {
        internal override void Read(int slot) => texts.Read(slot);
        internal override void Compute(int count) { }
        internal override Delegate CreateGetter(int output, Func<int> slot) => ColumnGetters.Vector(texts.Values, texts.Length, slot);
    }
}

/// <summary>Adds a column of two black frames.</summary>
internal static class BlackFrames
{
    internal static IDataView AppendFrames(this IDataView view, MLContext context) =>
        new FrameSamplerTransformer(context, new FrameSamplerOptions { InputColumnName = "Path", Columns = [new("Frames", new(2), 2)] },
            (clip, requests, token) => new([new byte[24]], [[0, 1]], 1)).Transform(context.Transforms.CustomMapping<Nothing, PathOnly>((_, row) => row.Path = "v0", null).Fit(view).Transform(view));

    private sealed class Nothing;

    private sealed class PathOnly
    {
        public string Path { get; set; } = "";
    }
}
