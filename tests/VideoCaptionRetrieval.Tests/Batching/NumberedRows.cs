using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Tests.Batching;

/// <summary>Rows 0, 1, 2 …: Name "n0", Numbers [0, 0.5, …]; counts how many were read.</summary>
internal sealed class NumberedRows
{
    internal int Read { get; private set; }

    internal IDataView View(MLContext context, int? count = null) => context.Data.LoadFromEnumerable(Rows(count ?? int.MaxValue));

    private IEnumerable<NumberedRow> Rows(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Read++;
            yield return Row(i);
        }
    }

    internal static NumberedRow Row(int i) => new() { Id = i, Name = $"n{i}", Numbers = [i, i + 0.5f] };
}

internal class NumberedRow
{
    public int Id { get; set; }
    public string Name { get; set; } = "";
    [VectorType(2)] public float[] Numbers { get; set; } = [];
}

internal sealed class ComputedRow : NumberedRow
{
    public float[] Double { get; set; } = [];
    public string Shout { get; set; } = "";
}
