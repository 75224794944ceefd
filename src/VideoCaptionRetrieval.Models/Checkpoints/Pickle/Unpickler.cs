using System.Numerics;
using System.Text;

namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>
/// Reads a pickle of tensors, numbers, texts and collections of them, and refuses any other content by name: a pickle is a program, and this
/// runs only operations that combine values. Not recursive, so nesting needs no stack.
/// </summary>
/// <param name="path">The file, for messages.</param>
/// <param name="cursor">Positioned at the pickle, and behind it afterwards.</param>
/// <param name="scripted">Whether the file is a TorchScript archive.</param>
/// <param name="storages">Receives every storage that the pickle names, by key; null = not collected.</param>
internal sealed class Unpickler(string path, PickleCursor cursor, bool scripted = false, Dictionary<string, PickleStorage>? storages = null)
{
    private const int HighestProtocol = 5;

    private readonly Dictionary<long, object?> _memo = [];
    private readonly PickleBudget _budget = new(path);
    private PickleStack _stack = null!;
    private PickleCalls _calls = null!;

    /// <summary>Reads one pickle up to its end.</summary>
    /// <exception cref="ModelFileException">The pickle is damaged, too large, or holds more than tensors and plain values.</exception>
    internal object? Read()
    {
        (_stack, _calls) = (new(cursor, _budget), new(path, cursor, _budget));
        while (true)
        {
            var opcode = (PickleOpcode)cursor.Byte();
            if (opcode == PickleOpcode.Stop) return _stack.Pop();
            if (!Literal(opcode) && !Collection(opcode) && !Memory(opcode)) Object(opcode);
        }
    }

    private bool Literal(PickleOpcode opcode)
    {
        object? value;
        switch (opcode)
        {
            case PickleOpcode.None: value = null; break;
            case PickleOpcode.NewTrue: value = true; break;
            case PickleOpcode.NewFalse: value = false; break;
            case PickleOpcode.BinInt: value = (long)cursor.Int32(); break;
            case PickleOpcode.BinInt1: value = (long)cursor.Byte(); break;
            case PickleOpcode.BinInt2: value = (long)cursor.UInt16(); break;
            case PickleOpcode.Long1: PushInteger(cursor.Byte()); return true;
            case PickleOpcode.Long4: PushInteger(cursor.Int32()); return true;
            case PickleOpcode.BinFloat: value = cursor.DoubleBigEndian(); break;
            case PickleOpcode.ShortBinUnicode: value = Text(cursor.Byte(), Encoding.UTF8); break;
            case PickleOpcode.BinUnicode: value = Text((uint)cursor.Int32(), Encoding.UTF8); break;
            case PickleOpcode.BinUnicode8: value = Text(cursor.Int64(), Encoding.UTF8); break;
            case PickleOpcode.ShortBinString: value = Text(cursor.Byte(), Encoding.Latin1); break;
            case PickleOpcode.BinString: value = Text((uint)cursor.Int32(), Encoding.Latin1); break;
            case PickleOpcode.ShortBinBytes: value = Bytes(cursor.Byte()); break;
            case PickleOpcode.BinBytes: value = Bytes((uint)cursor.Int32()); break;
            case PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8: value = Bytes(cursor.Int64()); break;
            default: return false;
        }
        _stack.Push(value);
        return true;
    }

    private bool Collection(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.EmptyDictionary: _stack.Push(new PickleDictionary()); break;
            case PickleOpcode.EmptyList or PickleOpcode.EmptySet: _stack.Push(new List<object?>()); break;
            case PickleOpcode.EmptyTuple: _stack.Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple: _stack.Push(_stack.PopToMark()); break;
            case PickleOpcode.Tuple1: _stack.Push(_stack.Pop(1)); break;
            case PickleOpcode.Tuple2: _stack.Push(_stack.Pop(2)); break;
            case PickleOpcode.Tuple3: _stack.Push(_stack.Pop(3)); break;
            case PickleOpcode.List or PickleOpcode.FrozenSet: _stack.Push(new List<object?>(_stack.PopToMark())); break;
            case PickleOpcode.Dictionary: _stack.Push(Fill(new(), _stack.PopToMark())); break;
            case PickleOpcode.Append: Append([_stack.Pop()]); break;
            case PickleOpcode.Appends or PickleOpcode.AddItems: Append(_stack.PopToMark()); break;
            case PickleOpcode.SetItem: SetItems(_stack.Pop(2)); break;
            case PickleOpcode.SetItems: SetItems(_stack.PopToMark()); break;
            default: return false;
        }
        return true;
    }

    private bool Memory(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark: _stack.Mark(); break;
            case PickleOpcode.Pop: _stack.Pop(); break;
            case PickleOpcode.PopMark: _stack.PopToMark(); break;
            case PickleOpcode.Dup: _stack.Push(_stack.Peek()); break;
            case PickleOpcode.BinGet: _stack.Push(Remembered(cursor.Byte())); break;
            case PickleOpcode.LongBinGet: _stack.Push(Remembered((uint)cursor.Int32())); break;
            case PickleOpcode.BinPut: Remember(cursor.Byte()); break;
            case PickleOpcode.LongBinPut: Remember((uint)cursor.Int32()); break;
            case PickleOpcode.Memoize: Remember(_memo.Count); break;
            case PickleOpcode.Frame: cursor.Length(cursor.Int64()); break;
            case PickleOpcode.Protocol: CheckProtocol(cursor.Byte()); break;
            default: return false;
        }
        return true;
    }

    private void Object(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Global: _stack.Push(Global(cursor.Line(), cursor.Line())); break;
            case PickleOpcode.StackGlobal: _stack.Push(StackGlobal()); break;
            case PickleOpcode.Reduce or PickleOpcode.NewObject: _stack.Push(Call()); break;
            case PickleOpcode.Build: Build(); break;
            case PickleOpcode.BinPersistentId: _stack.Push(Storage()); break;
            case PickleOpcode.Instance: throw PickleGlobal.Refused(path, $"an object of '{cursor.Line()}.{cursor.Line()}'");
            case PickleOpcode.Object:
                throw PickleGlobal.Refused(path,
                $"an object of {PickleStack.Describe(_stack.PopToMark().FirstOrDefault())}");
            default: throw cursor.Damaged($"holds the operation 0x{(byte)opcode:x2}, which no checkpoint of PyTorch has");
        }
    }

    private PickleGlobal Global(string module, string name) => PickleGlobal.Find(path, $"{module}.{name}", scripted);

    private PickleGlobal StackGlobal() => _stack.Pop(2) is [string module, string name]
        ? Global(module, name)
        : throw cursor.Damaged("names something without a text");

    private object? Call()
    {
        var operands = _stack.Pop();
        return _calls.Call(_stack.Pop(), operands);
    }

    private PickleStorage Storage()
    {
        var storage = _calls.Storage(_stack.Pop());
        storages?.TryAdd(storage.Key, storage);
        return storage;
    }

    private void Build()
    {
        var state = _stack.Pop();
        _calls.Build(_stack.Peek(), state);
    }

    private void Append(object?[] values) => _stack.Peek<List<object?>>("APPEND").AddRange(values);

    private void SetItems(object?[] values) => Fill(_stack.Peek<PickleDictionary>("SETITEM"), values);

    private PickleDictionary Fill(PickleDictionary dictionary, object?[] values)
    {
        if (values.Length % 2 != 0) throw cursor.Damaged("sets a key without a value");
        for (var i = 0; i < values.Length; i += 2) dictionary.Set(values[i], values[i + 1]);
        return dictionary;
    }

    private void Remember(long index)
    {
        _budget.Objects(1);
        _memo[index] = _stack.Peek();
    }

    private object? Remembered(long index) => _memo.TryGetValue(index, out var value)
        ? value
        : throw cursor.Damaged($"recalls value {index}, which it has not stored");

    private void PushInteger(int length)
    {
        if (length is < 0 or > PickleBudget.MaximumIntegerBytes) throw _budget.Refused($"holds an integer of {(uint)length} bytes");
        var number = new BigInteger(cursor.Span(length));
        if (number < long.MinValue || number > long.MaxValue) _stack.Push(number);
        else _stack.Push((long)number);
    }

    private string Text(long length, Encoding encoding)
    {
        _budget.Bytes(cursor.Length(length));
        return encoding.GetString(cursor.Span(length));
    }

    private byte[] Bytes(long length)
    {
        _budget.Bytes(cursor.Length(length));
        return cursor.Span(length).ToArray();
    }

    private void CheckProtocol(int protocol)
    {
        if (protocol is < 2 or > HighestProtocol) throw cursor.Damaged($"has protocol {protocol}; implemented are 2 to {HighestProtocol}");
    }
}

/// <summary>
/// The operations of binary pickles (protocols 2 to 5) that checkpoints use; names and codes as in Python's pickletools.
/// </summary>
internal enum PickleOpcode : byte
{
    Mark = (byte)'(', Stop = (byte)'.', Pop = (byte)'0', PopMark = (byte)'1', Dup = (byte)'2',
    BinFloat = (byte)'G', BinInt = (byte)'J', BinInt1 = (byte)'K', BinInt2 = (byte)'M', None = (byte)'N',
    BinPersistentId = (byte)'Q', Reduce = (byte)'R', BinString = (byte)'T', ShortBinString = (byte)'U', BinUnicode = (byte)'X',
    Append = (byte)'a', Build = (byte)'b', Global = (byte)'c', Appends = (byte)'e', BinGet = (byte)'h', LongBinGet = (byte)'j',
    EmptyList = (byte)']', EmptyTuple = (byte)')', EmptyDictionary = (byte)'}', Dictionary = (byte)'d', List = (byte)'l',
    BinPut = (byte)'q', LongBinPut = (byte)'r', SetItem = (byte)'s', Tuple = (byte)'t', SetItems = (byte)'u',
    BinBytes = (byte)'B', ShortBinBytes = (byte)'C', Instance = (byte)'i', Object = (byte)'o',

    Protocol = 0x80, NewObject = 0x81, Tuple1 = 0x85, Tuple2 = 0x86, Tuple3 = 0x87, NewTrue = 0x88, NewFalse = 0x89,
    Long1 = 0x8a, Long4 = 0x8b, ShortBinUnicode = 0x8c, BinUnicode8 = 0x8d, BinBytes8 = 0x8e, EmptySet = 0x8f, AddItems = 0x90,
    FrozenSet = 0x91, StackGlobal = 0x93, Memoize = 0x94, Frame = 0x95, ByteArray8 = 0x96,
}
