using Microsoft.ML;

namespace VideoCaptionRetrieval.Batching;

/// <summary>Slots of an input column of text.</summary>
internal sealed class TextInput(DataViewRow input, DataViewSchema.Column column, int capacity)
{
    private readonly ValueGetter<ReadOnlyMemory<char>> _getter = input.GetGetter<ReadOnlyMemory<char>>(column);
    private readonly string[] _values = new string[capacity];
    private ReadOnlyMemory<char> _text;

    internal string this[int slot] => _values[slot];

    internal void Read(int slot)
    {
        _getter(ref _text);
        _values[slot] = _text.ToString();
    }
}
