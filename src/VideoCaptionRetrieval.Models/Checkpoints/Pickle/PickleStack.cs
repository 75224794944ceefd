using System.Runtime.InteropServices;

namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>The stack of values and marks on which a pickle builds its object.</summary>
internal sealed class PickleStack(PickleCursor cursor, PickleBudget budget)
{
    private readonly List<object?> _values = [];
    private readonly Stack<int> _marks = new();
    private int _floor;         // values below the last mark cannot be popped

    internal void Push(object? value)
    {
        budget.Objects(1);
        if (_values.Count >= PickleBudget.MaximumStack) throw budget.Refused($"keeps more than {PickleBudget.MaximumStack} values waiting");
        _values.Add(value);
    }

    internal object? Pop()
    {
        var value = Peek();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    internal object? Peek() => _values.Count > _floor ? _values[^1] : throw cursor.Damaged("takes a value where there is none");

    /// <summary>Returns the last value as a <typeparamref name="T"/> without popping it.</summary>
    internal T Peek<T>(string operation)
        where T : class => Peek() as T ?? throw cursor.Damaged($"applies {operation} to {Describe(Peek())}");

    internal void Mark()
    {
        if (_marks.Count >= PickleBudget.MaximumMarks) throw budget.Refused($"nests deeper than {PickleBudget.MaximumMarks} levels");
        _marks.Push(_floor = _values.Count);
    }

    /// <summary>Pops the last mark and the values above it.</summary>
    internal object?[] PopToMark()
    {
        if (!_marks.TryPop(out var start)) throw cursor.Damaged("takes a mark where there is none");
        var values = CollectionsMarshal.AsSpan(_values)[start..].ToArray();
        _values.RemoveRange(start, values.Length);
        _floor = _marks.TryPeek(out var below) ? below : 0;
        return values;
    }

    /// <summary>Pops <paramref name="count"/> values and returns them in the order in which they were pushed.</summary>
    internal object?[] Pop(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--) values[i] = Pop();
        return values;
    }

    internal static string Describe(object? value) => value switch
    {
        null => "None",
        PickleGlobal global => $"'{global.Name}'",
        PickleTensor => "a tensor",
        PickleModule => "an object",
        PickleDictionary => "a dictionary",
        object[] => "a tuple",
        _ => $"a value of type {value.GetType().Name}",
    };
}
