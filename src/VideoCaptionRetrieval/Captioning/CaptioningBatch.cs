using Microsoft.ML;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>Captions a window of videos: one call of each captioner, with all frames whose captions the store lacks.</summary>
internal sealed class CaptioningBatch(ImageCaptionerTransformer owner, CaptionSlots slots, CaptionerInput[] inputs, TextInput? errors,
    int capacity)
    : ComputationBatch
{
    private readonly ReadOnlyMemory<char>[] _captions = new ReadOnlyMemory<char>[capacity * slots.Count];
    private int _made, _reused;

    internal override void Read(int slot)
    {
        foreach (var input in inputs) input.Read(slot);
        errors?.Read(slot);
    }

    internal override Delegate CreateGetter(int output, Func<int> slot) => ColumnGetters.Vector(_captions, slots.Count, slot);

    internal override void Compute(int count)
    {
        (_made, _reused) = (0, 0);
        Array.Clear(_captions);
        var frames = Enumerable.Range(0, count).Where(slot => string.IsNullOrEmpty(errors?[slot]))
            .SelectMany(slot => Enumerable.Range(0, slots.PerCaptioner).Select(frame => (slot, frame))).ToList();
        if (frames.Count > 0)
            for (var c = 0; c < inputs.Length; c++) Caption(c, frames);
        owner.Report(count, _made, _reused);
    }

    private void Caption(int captioner, List<(int Slot, int Frame)> frames)
    {
        owner.Environment.ThrowIfCancelled(owner.Options.CancellationToken);
        var input = inputs[captioner];
        var network = input.Network.Get();
        if (network.FrameFormat.Size != input.Frames.Size) input.Frames.RequireSize(network.FrameFormat.Size, input.Network.DisplayName);
        var identity = input.StoreKeys?.Identity(network) ?? "";
        var missing = owner.Store is { } store ? FillFromStore(captioner, frames, store, identity) : frames.ConvertAll(frame => new[] { frame });
        _reused += frames.Count - missing.Sum(same => same.Length);
        if (missing.Count == 0) return;
        var texts = Run(input, network, missing.ConvertAll(same => same[0]));
        for (var i = 0; i < missing.Count; i++)
            foreach (var frame in missing[i]) Set(captioner, frame, texts[i]);
        owner.Store?.Append([.. missing.Select((same, i) => input.StoreKeys!.Record(
            Key(input, same[0], identity), same[0].Slot, same[0].Frame, input.Network.Captioner.Name, texts[i]))]);
        _made += missing.Count;
        _reused += missing.Sum(same => same.Length - 1);
    }

    /// <summary>Takes the captions that the store holds.</summary>
    /// <returns>The frames without a caption, those with one key together: clips of one video may share frames.</returns>
    private List<(int Slot, int Frame)[]> FillFromStore(int captioner, List<(int Slot, int Frame)> frames, CaptionStore store, string identity)
    {
        store.Refresh();
        var missing = new List<(CaptionKey Key, (int, int) Frame)>();
        foreach (var frame in frames)
        {
            var key = Key(inputs[captioner], frame, identity);
            if (store.TryGet(key, out var caption)) Set(captioner, frame, caption);
            else missing.Add((key, frame));
        }
        return [.. missing.GroupBy(one => one.Key, one => one.Frame).Select(same => same.ToArray())];
    }

    private IReadOnlyList<string> Run(CaptionerInput input, IImageCaptioner network, List<(int Slot, int Frame)> frames)
    {
        IReadOnlyList<string> texts;
        try
        {
            texts = network.Caption(input.Gather(frames), frames.Count, owner.Options.CancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
        {
            throw new InvalidOperationException($"{input.Network.DisplayName} failed on {Describe(input, frames)}: {e.Message}", e);
        }
        return texts.Count == frames.Count
            ? texts
            : throw new InvalidOperationException($"{input.Network.DisplayName} gave {texts.Count} captions for {frames.Count} frames.");
    }

    private static string Describe(CaptionerInput input, List<(int Slot, int Frame)> frames)
    {
        var names = frames.Select(frame => input.StoreKeys?.VideoId(frame.Slot)).Where(name => !string.IsNullOrEmpty(name)).Distinct().ToList();
        var whose = names.Count > 0 ? $"'{string.Join("', '", names)}'" : $"column '{input.Frames.Column.Name}'";
        return $"{frames.Count} frames of {whose}";
    }

    private static CaptionKey Key(CaptionerInput input, (int Slot, int Frame) at, string identity) =>
        input.StoreKeys!.Key(at.Slot, at.Frame, input.Pixels(at.Slot, at.Frame), identity);

    private void Set(int captioner, (int Slot, int Frame) at, string caption) =>
        _captions[(at.Slot * slots.Count) + (captioner * slots.PerCaptioner) + at.Frame] = caption.AsMemory();
}

/// <summary>Holds the frames of one captioner, and their keys in the store, for a window of rows.</summary>
internal sealed class CaptionerInput(CaptionerNetwork network, FrameColumnView frames, DataViewRow row, StoredFrameColumns? stored, int capacity)
{
    private readonly VectorInput<byte> _pixels = new(row, frames.Column, capacity);

    internal CaptionerNetwork Network => network;

    internal FrameColumnView Frames => frames;

    /// <summary>The frames' keys in the store; null where there is no store.</summary>
    internal StoredFrameKeys? StoreKeys { get; } = stored?.CreateInput(row, capacity);

    internal void Read(int slot)
    {
        _pixels.Read(slot);
        StoreKeys?.Read(slot);
    }

    /// <summary>The bytes of a frame, [S, S, 3].</summary>
    internal ReadOnlySpan<byte> Pixels(int slot, int frame) => _pixels.Slot(slot).Slice(frame * frames.FrameBytes, frames.FrameBytes);

    /// <summary>Copies frames one after the other, [count, S, S, 3].</summary>
    internal byte[] Gather(IReadOnlyList<(int Slot, int Frame)> places)
    {
        var gathered = new byte[places.Count * frames.FrameBytes];
        for (var i = 0; i < places.Count; i++) Pixels(places[i].Slot, places[i].Frame).CopyTo(gathered.AsSpan(i * frames.FrameBytes));
        return gathered;
    }
}
