using Microsoft.ML;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Captioning;

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
