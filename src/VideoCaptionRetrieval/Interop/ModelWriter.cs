using Microsoft.ML;

namespace VideoCaptionRetrieval.Interop;

/// <summary>
/// Writes one component's part of a saved model: values in order, and named streams beside them. Settings go by name: see
/// <see cref="SavedSettings"/>; version 1 of the components held them as values in order.
/// </summary>
internal sealed class ModelWriter
{
    private readonly ModelSaveContext _context;

    internal ModelWriter(ModelSaveContext context, ModelFormat format)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CheckAtModel();
        context.SetVersionInfo(format.ToVersionInfo());
        _context = context;
    }

    internal void Write(string? value) => _context.SaveStringOrNull(value);

    internal void Write(bool value) => _context.Writer.Write(value);

    internal void Write(int value) => _context.Writer.Write(value);

    internal void Write(long value) => _context.Writer.Write(value);

    internal void Write(float value) => _context.Writer.Write(value);

    internal void Write(double value) => _context.Writer.Write(value);

    internal void Write(int? value)
    {
        Write(value.HasValue);
        if (value is { } some) Write(some);
    }

    internal void Write(double? value)
    {
        Write(value.HasValue);
        if (value is { } some) Write(some);
    }

    internal void Write<T>(IReadOnlyCollection<T> items, Action<T> write)
    {
        Write(items.Count);
        foreach (var item in items) write(item);
    }

    /// <summary>Writes an entry of its own in the zip file; <paramref name="name"/> may hold '/'.</summary>
    internal void WriteStream(string name, Action<Stream> write) =>
        _context.SaveBinaryStream(name, writer => write(writer.BaseStream));
}
