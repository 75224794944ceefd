using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;

namespace VideoCaptionRetrieval.Tests.Batching;

public sealed class BatchedTransformerTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly NumberedRows _rows = new();

    private CountingTransformer Create(int rowsPerBatch = 4, bool splits = false) => new(_context, rowsPerBatch, splits);

    [Fact]
    public void Transform_AllColumns_OneCallPerWindowAndEveryValueRight()
    {
        var transformer = Create();
        var rows = _context.Data.CreateEnumerable<ComputedRow>(transformer.Transform(_rows.View(_context, 10)), reuseRowObject: false).ToList();

        Assert.Equal(10, rows.Count);
        foreach (var (row, i) in rows.Select((row, i) => (row, i)))
        {
            Assert.Equal((i, $"n{i}", $"N{i}"), (row.Id, row.Name, row.Shout));
            Assert.Equal([i, i + 0.5f], row.Numbers);
            Assert.Equal([2f * i, 2 * i + 1f], row.Double);
        }
        Assert.Equal([4, 4, 2], transformer.DoubleCalls);
        Assert.Equal([4, 4, 2], transformer.ShoutCalls);
    }

    [Fact]
    public void GetRowCursor_OneOutput_RunsOnlyItsComputation()
    {
        var transformer = Create();
        var view = transformer.Transform(_rows.View(_context, 6));
        Assert.Equal(["N0", "N1", "N2", "N3", "N4", "N5"], view.GetColumn<string>("Shout"));
        Assert.Empty(transformer.DoubleCalls);
        Assert.Equal([4, 2], transformer.ShoutCalls);
    }

    [Fact]
    public void GetGetter_ActivatedButNeverRead_NothingIsComputed()
    {
        var transformer = Create();
        var view = transformer.Transform(_rows.View(_context, 9));
        using var cursor = view.GetRowCursor(view.Schema);
        var shout = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Shout"]);
        ReadOnlyMemory<char> text = default;
        for (var i = 0; i < 5; i++) Assert.True(cursor.MoveNext());
        Assert.Empty(transformer.ShoutCalls);
        shout(ref text);
        shout(ref text);
        Assert.Equal("N4", text.ToString());
        Assert.Equal([4], transformer.ShoutCalls);
        Assert.Empty(transformer.DoubleCalls);
    }

    [Fact]
    public async Task Predict_TwoThreadsOnOneEngine_BothSayWhatToUse()
    {
        var transformer = Create();
        using var engine = _context.Model.CreatePredictionEngine<NumberedRow, ComputedRow>(transformer, _rows.View(_context, 1).Schema);
        using SemaphoreSlim computing = new(0), goOn = new(0);
        transformer.Doubling = () =>
        {
            computing.Release();
            goOn.Wait();
        };
        var first = Task.Run(() => engine.Predict(NumberedRows.Row(1)));
        await computing.WaitAsync();
        foreach (var _ in new[] { 2, 3 })
            Assert.Contains("PredictionEnginePool", Assert.Throws<InvalidOperationException>(() => engine.Predict(NumberedRows.Row(2))).Message);
        goOn.Release();
        Assert.Contains("PredictionEnginePool", (await Assert.ThrowsAsync<InvalidOperationException>(() => first)).Message);

        // One after the other, threads may share it.
        transformer.Doubling = null;
        for (var i = 4; i < 8; i++) Assert.Equal([2f * i, 2 * i + 1f], (await Task.Run(() => engine.Predict(NumberedRows.Row(i)))).Double);
    }

    [Fact]
    public async Task Enter_PositionThatAnotherThreadHasRead_IsConcurrentUse()
    {
        var use = new SingleUse();
        use.Enter(5).Dispose();
        use.Enter(5).Dispose();
        await Task.Factory.StartNew(() =>
        {
            Assert.Throws<InvalidOperationException>(() => use.Enter(5));      // the row was the other thread's
            use.Enter(6).Dispose();
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    [Fact]
    public void GetDependencies_EachOutput_ExactlyItsInputs()
    {
        var input = _rows.View(_context, 1).Schema;
        var mapper = ((ITransformer)Create()).GetRowToRowMapper(input);
        IEnumerable<string> Needs(params string[] names) => mapper.GetDependencies(names.Select(name => mapper.OutputSchema[name])).Select(column => column.Name);
        Assert.Equal(["Numbers"], Needs("Double"));
        Assert.Equal(["Name"], Needs("Shout"));
        Assert.Equal(["Id"], Needs("Id"));
        Assert.Equal(["Id", "Name"], Needs("Shout", "Id"));
        Assert.Empty(Needs());
    }

    [Fact]
    public void GetRowCursor_InfiniteSource_PullsOneWindow()
    {
        var transformer = Create(rowsPerBatch: 16);
        var view = transformer.Transform(_rows.View(_context));
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.True(cursor.MoveNext());
        Assert.InRange(_rows.Read, 16, 17);             // the enumerable itself may stand one ahead
    }

    [Fact]
    public void PredictionEngine_Predict_SameValuesWindowOfOneAndOnlyWhatIsRead()
    {
        var transformer = Create();
        using var engine = _context.Model.CreatePredictionEngine<NumberedRow, ShoutOnly>(transformer, new PredictionEngineOptions { OwnsTransformer = false });
        for (var i = 0; i < 3; i++) Assert.Equal($"N{i}", engine.Predict(NumberedRows.Row(i)).Shout);
        Assert.Equal([1, 1, 1], transformer.ShoutCalls);
        Assert.Empty(transformer.DoubleCalls);
        engine.Dispose();
        Assert.False(transformer.Disposed);
    }

    [Fact]
    public void PredictionEngine_OwningDispose_TransformerSaysSo()
    {
        var transformer = Create();
        _context.Model.CreatePredictionEngine<NumberedRow, ShoutOnly>(transformer).Dispose();
        Assert.True(transformer.Disposed);
        var e = Assert.Throws<ObjectDisposedException>(() => transformer.Transform(_rows.View(_context, 1)));
        Assert.Contains("OwnsTransformer", e.Message);
    }

    [Fact]
    public void GetRowCursorSet_SplitSource_EveryRowOnce()
    {
        var transformer = Create(splits: true);
        var view = transformer.Transform(_rows.View(_context, 1000));
        var cursors = view.GetRowCursorSet([view.Schema["Id"], view.Schema["Shout"]], 4);
        Assert.Equal(4, cursors.Length);
        var found = cursors.AsParallel().WithDegreeOfParallelism(4).SelectMany(ReadIdsAndShouts).ToList();
        Assert.Equal(Enumerable.Range(0, 1000), found.Select(row => row.Id).Order());
        Assert.All(found, row => Assert.Equal($"N{row.Id}", row.Shout));
        Assert.Equal(1000, transformer.ShoutCalls.Sum());
    }

    [Fact]
    public void GetRowCursor_ParallelDownstream_OrderIsKept()
    {
        var transformer = Create(splits: true);
        var chain = transformer.Append(_context.Transforms.NormalizeLpNorm("Unit", "Double").Fit(transformer.Transform(_rows.View(_context, 1))));
        var ids = chain.Transform(_rows.View(_context, 1000));
        using var cursor = ids.GetRowCursor([ids.Schema["Id"], ids.Schema["Unit"]]);
        var id = cursor.GetGetter<int>(ids.Schema["Id"]);
        var unit = cursor.GetGetter<VBuffer<float>>(ids.Schema["Unit"]);
        VBuffer<float> vector = default;
        for (var i = 0; i < 1000; i++)
        {
            var got = 0;
            Assert.True(cursor.MoveNext());
            id(ref got);
            unit(ref vector);
            Assert.Equal(i, got);
            Assert.Equal(2f * i / MathF.Sqrt(4f * i * i + (2f * i + 1) * (2f * i + 1)), vector.GetItemOrDefault(0), 1e-5f);
        }
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void ShuffleRows_BatchedView_SameRowsInAnotherOrder()
    {
        var cached = _context.Data.Cache(_rows.View(_context, 50));
        var view = Create().Transform(cached);
        Assert.True(view.CanShuffle);
        var shuffled = _context.Data.ShuffleRows(view, seed: 3).GetColumn<string>("Shout").ToList();
        var ordered = view.GetColumn<string>("Shout").ToList();
        Assert.NotEqual(ordered, shuffled);
        Assert.Equal(ordered.Order(), shuffled.Order());
    }

    [Fact]
    public void GetOutputSchema_HiddenColumnsAndAnnotations_AreKept()
    {
        var source = _context.Transforms.CopyColumns("Shout", "Name").Append(_context.Transforms.Concatenate("Numbers", "Numbers", "Numbers"))
            .Fit(_rows.View(_context, 1)).Transform(_rows.View(_context, 3));
        var view = Create().Transform(source);
        for (var c = 0; c < source.Schema.Count; c++)
        {
            Assert.Equal(source.Schema[c].Name, view.Schema[c].Name);
            Assert.Equal(source.Schema[c].Annotations.Schema.Select(a => a.Name), view.Schema[c].Annotations.Schema.Select(a => a.Name));
        }
        var older = view.Schema.First(column => column.Name == "Shout");
        Assert.True(older.IsHidden);
        using var cursor = view.GetRowCursor([older, view.Schema["Shout"]]);
        Assert.True(cursor.MoveNext());
        ReadOnlyMemory<char> old = default, added = default;
        cursor.GetGetter<ReadOnlyMemory<char>>(older)(ref old);
        cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Shout"])(ref added);
        Assert.Equal(("n0", "N0"), (old.ToString(), added.ToString()));
    }

    [Fact]
    public void GetGetter_WrongUse_SaysWhatIsWrong()
    {
        var view = Create().Transform(_rows.View(_context, 2));
        var cursor = view.GetRowCursor([view.Schema["Shout"]]);
        ReadOnlyMemory<char> text = default;
        var shout = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Shout"]);

        Assert.Contains("MoveNext", Assert.Throws<InvalidOperationException>(() => shout(ref text)).Message);
        Assert.Contains("'Double'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(view.Schema["Double"])).Message);
        Assert.Contains("'Id'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema["Id"])).Message);
        Assert.Contains("Single", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Shout"])).Message);
        while (cursor.MoveNext()) shout(ref text);
        Assert.Throws<InvalidOperationException>(() => shout(ref text));
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
        cursor.Dispose();
        cursor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => shout(ref text));
        Assert.Throws<ObjectDisposedException>(() => cursor.MoveNext());
    }

    [Fact]
    public void GetGetter_VectorIsChangedByCaller_WindowStaysWhole()
    {
        var view = Create().Transform(_rows.View(_context, 1));
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.True(cursor.MoveNext());
        foreach (var name in new[] { "Numbers", "Double" })
        {
            VBuffer<float> first = default, second = default;
            var getter = cursor.GetGetter<VBuffer<float>>(view.Schema[name]);
            getter(ref first);
            VBufferEditor.CreateFromBuffer(ref first).Values.Fill(-7);
            getter(ref second);
            Assert.DoesNotContain(-7f, second.DenseValues());
        }
    }

    [Fact]
    public void MoveNext_RowFailsInsideWindow_RowsBeforeItAreGivenFirst()
    {
        var transformer = Create();
        transformer.FailingName = "n2";
        var view = transformer.Transform(_rows.View(_context, 6));
        using var cursor = view.GetRowCursor([view.Schema["Shout"]]);
        var shout = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Shout"]);
        ReadOnlyMemory<char> text = default;
        for (var i = 0; i < 2; i++)
        {
            Assert.True(cursor.MoveNext());
            shout(ref text);
            Assert.Equal($"N{i}", text.ToString());
        }
        Assert.Contains("'n2'", Assert.Throws<IOException>(() => cursor.MoveNext()).Message);
    }

    [Fact]
    public void Transform_MissingOrWrongColumn_NamesBothTypes()
    {
        var wrong = _context.Data.LoadFromEnumerable([new { Name = 1f, Numbers = 2f }]);
        var e = Assert.Throws<ArgumentException>(() => Create().Transform(wrong));
        Assert.Contains("'Numbers' is Single, expected Vector<Single>", e.Message);
        var missing = _context.Data.LoadFromEnumerable([new { Other = 1f }]);
        Assert.Contains("'Numbers' (Vector<Single>) is missing; the input has 'Other'", Assert.Throws<ArgumentException>(() => Create().Transform(missing)).Message);
    }

    [Fact]
    public void GetRowCursor_ColumnOfAnotherSchema_Refused()
    {
        var view = Create().Transform(_rows.View(_context, 1));
        var other = _context.Data.LoadFromEnumerable([new { X = 1f }]).Schema["X"];
        Assert.Contains("'X'", Assert.Throws<ArgumentException>(() => view.GetRowCursor([other])).Message);
    }

    private static List<(int Id, string Shout)> ReadIdsAndShouts(DataViewRowCursor cursor)
    {
        var rows = new List<(int, string)>();
        using (cursor)
        {
            var id = cursor.GetGetter<int>(cursor.Schema["Id"]);
            var shout = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Shout"]);
            ReadOnlyMemory<char> text = default;
            var number = 0;
            while (cursor.MoveNext())
            {
                id(ref number);
                shout(ref text);
                rows.Add((number, text.ToString()));
            }
        }
        return rows;
    }

    private sealed class ShoutOnly
    {
        public string Shout { get; set; } = "";
    }
}
