using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Tests.Interop;

/// <summary>Saves as a component does that the library has or had: its format, and whatever it wrote.</summary>
internal sealed class PartOfAModel(IHostEnvironment environment, ModelFormat format, Action<ModelWriter> write) : BatchedTransformer(environment)
{
    private protected override ModelFormat SavedFormat => format;

    internal override IReadOnlyList<BatchComputation> Bind(Microsoft.ML.DataViewSchema input) => [];

    private protected override void Save(ModelWriter writer) => write(writer);
}
