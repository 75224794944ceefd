using Microsoft.ML;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>A window of videos: for each captioner one call with all frames that the store does not know.</summary>
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
        var places = Enumerable.Range(0, count).Where(slot => string.IsNullOrEmpty(errors?[slot]))
            .SelectMany(slot => Enumerable.Range(0, slots.PerCaptioner).Select(frame => new FramePlace(slot, frame))).ToList();
        if (places.Count > 0)
            for (var c = 0; c < inputs.Length; c++) Caption(c, places);
        owner.Report(count, _made, _reused);
    }

    private void Caption(int captioner, List<FramePlace> places)
    {
        owner.Environment.ThrowIfCancelled(owner.Options.CancellationToken);
        var input = inputs[captioner];
        var network = input.Network.Get();
        if (network.FrameFormat.Size != input.Frames.Size) input.Frames.RequireSize(network.FrameFormat.Size, input.Network.DisplayName);
        var identity = input.Store?.Identity(network) ?? "";
        var missing = owner.Store is { } store ? FillFromStore(captioner, places, store, identity) : places.ConvertAll(place => new[] { place });
        _reused += places.Count - missing.Sum(same => same.Length);
        if (missing.Count == 0) return;
        var texts = Run(input, network, missing.ConvertAll(same => same[0]));
        for (var i = 0; i < missing.Count; i++)
            foreach (var place in missing[i]) Set(captioner, place, texts[i]);
        owner.Store?.Append([.. missing.Select((same, i) => input.Store!.Record(
            Key(input, same[0], identity), same[0], input.Network.Captioner.Name, texts[i]))]);
        _made += missing.Count;
        _reused += missing.Sum(same => same.Length - 1);
    }

    /// <summary>Takes what the store knows.</summary>
    /// <returns>The places of each other frame: parts of one video may share frames.</returns>
    private List<FramePlace[]> FillFromStore(int captioner, List<FramePlace> places, CaptionStore store, string identity)
    {
        store.Refresh();
        var missing = new List<(CaptionKey Key, FramePlace Place)>();
        foreach (var place in places)
        {
            var key = Key(inputs[captioner], place, identity);
            if (store.TryGet(key, out var caption)) Set(captioner, place, caption);
            else missing.Add((key, place));
        }
        return [.. missing.GroupBy(one => one.Key, one => one.Place).Select(same => same.ToArray())];
    }

    private IReadOnlyList<string> Run(CaptionerInput input, IImageCaptioner network, List<FramePlace> places)
    {
        IReadOnlyList<string> texts;
        try
        {
            texts = network.Caption(input.Gather(places), places.Count, owner.Options.CancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
        {
            throw new InvalidOperationException($"{input.Network.DisplayName} failed on {Describe(input, places)}: {e.Message}", e);
        }
        return texts.Count == places.Count
            ? texts
            : throw new InvalidOperationException($"{input.Network.DisplayName} gave {texts.Count} captions for {places.Count} frames.");
    }

    private static string Describe(CaptionerInput input, List<FramePlace> places)
    {
        var names = places.Select(place => input.Store?.VideoId(place.Slot)).Where(name => !string.IsNullOrEmpty(name)).Distinct().ToList();
        var whose = names.Count > 0 ? $"'{string.Join("', '", names)}'" : $"column '{input.Frames.Column.Name}'";
        return $"{places.Count} frames of {whose}";
    }

    private static CaptionKey Key(CaptionerInput input, FramePlace place, string identity) =>
        input.Store!.Key(place.Slot, place.Frame, input.Pixels(place), identity);

    private void Set(int captioner, FramePlace place, string caption) =>
        _captions[(place.Slot * slots.Count) + (captioner * slots.PerCaptioner) + place.Frame] = caption.AsMemory();
}

/// <summary>Slots of one captioner's frames, and of what names them in the store.</summary>
internal sealed class CaptionerInput(CaptionerNetwork network, FrameVector frames, DataViewRow row, StoreColumns? storeColumns,
    int capacity)
{
    private readonly VectorInput<byte> _pixels = new(row, frames.Column, capacity);

    internal CaptionerNetwork Network => network;

    internal FrameVector Frames => frames;

    /// <summary>What names the frames in the store; null where there is no store.</summary>
    internal StoreInput? Store { get; } = storeColumns?.CreateInput(row, capacity);

    internal void Read(int slot)
    {
        _pixels.Read(slot);
        Store?.Read(slot);
    }

    /// <summary>The bytes of a frame.</summary>
    internal ReadOnlySpan<byte> Pixels(FramePlace place) =>
        _pixels.Slot(place.Slot).Slice(place.Frame * frames.FrameBytes, frames.FrameBytes);

    /// <summary>The bytes of several frames, one after the other.</summary>
    internal byte[] Gather(IReadOnlyList<FramePlace> places)
    {
        var gathered = new byte[places.Count * frames.FrameBytes];
        for (var i = 0; i < places.Count; i++) Pixels(places[i]).CopyTo(gathered.AsSpan(i * frames.FrameBytes));
        return gathered;
    }
}

/// <summary>A frame of a window.</summary>
/// <param name="Slot">The row's slot.</param>
/// <param name="Frame">The frame's index in the row.</param>
internal readonly record struct FramePlace(int Slot, int Frame);
