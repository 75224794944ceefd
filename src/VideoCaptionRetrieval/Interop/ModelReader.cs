using Microsoft.ML;

namespace VideoCaptionRetrieval.Interop;

/// <summary>Reads what <see cref="ModelWriter"/> wrote, values in the same order.</summary>
internal sealed class ModelReader
{
    private const int MaxItems = 1 << 20;          // a count beyond this is a damaged file, not a list
    private readonly ModelLoadContext _context;

    internal ModelReader(ModelLoadContext context, ModelFormat format)
    {
        ArgumentNullException.ThrowIfNull(context);
        var first = format.ToVersionInfo(format.FirstSignature);
        context.CheckAtModel(context.Header.ModelSignature == first.ModelSignature ? first : format.ToVersionInfo());
        _context = context;
        Component = format.LoaderName;
        Version = context.Header.ModelVerWritten & 0xFFFF;
    }

    /// <summary>The <see cref="ModelFormat.LoaderName"/> of the component.</summary>
    internal string Component { get; }

    /// <summary>The <see cref="ModelFormat.Version"/> under which the part was written.</summary>
    internal uint Version { get; }

    internal string? ReadOptionalString() => _context.LoadStringOrNull();

    internal string ReadString() => ReadOptionalString()
        ?? throw new InvalidDataException("The saved model is damaged: a text is missing.");

    internal bool ReadBoolean() => _context.Reader.ReadBoolean();

    internal int ReadInt32() => _context.Reader.ReadInt32();

    internal long ReadInt64() => _context.Reader.ReadInt64();

    internal float ReadSingle() => _context.Reader.ReadSingle();

    internal double ReadDouble() => _context.Reader.ReadDouble();

    internal int? ReadOptionalInt32() => ReadBoolean() ? ReadInt32() : null;

    internal double? ReadOptionalDouble() => ReadBoolean() ? ReadDouble() : null;

    internal T ReadEnum<T>() where T : struct, Enum
    {
        var value = (T)Enum.ToObject(typeof(T), ReadInt32());
        return Enum.IsDefined(value)
            ? value
            : throw new InvalidDataException($"The saved model is damaged: {typeof(T).Name} has no value '{value}'.");
    }

    internal T[] ReadList<T>(Func<T> read)
    {
        var count = ReadInt32();
        if (count is < 0 or > MaxItems)
            throw new InvalidDataException($"The saved model is damaged: it announces a list of {count} items.");
        var items = new T[count];
        for (var i = 0; i < count; i++) items[i] = read();
        return items;
    }

    /// <summary>Reads an entry that <see cref="ModelWriter.WriteStream"/> wrote.</summary>
    internal void ReadStream(string name, Action<Stream> read)
    {
        if (!_context.TryLoadBinaryStream(name, reader => read(reader.BaseStream)))
            throw new InvalidDataException($"The saved model is damaged: the entry '{name}' is missing.");
    }
}
