using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Writes numbers to JSON, which has no NaN and no infinity: both are null there.</summary>
/// <param name="write">Writes a finite number.</param>
internal sealed class FiniteNumbers<T>(Action<Utf8JsonWriter, T> write) : JsonConverter<T> where T : struct, IFloatingPointIeee754<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Results are written, never read.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (T.IsFinite(value)) write(writer, value);
        else writer.WriteNullValue();
    }
}
