using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>What a retrieval transformer holds beside its checkpoint.</summary>
/// <param name="FramesColumn">The frame column it reads.</param>
/// <param name="FrameErrorColumn">The column that says why a video could not be read; it may be absent from the data.</param>
/// <param name="FrameCount">N, the frames of a video that it was trained with.</param>
/// <param name="Scoring">Pooling, τ, normalisation.</param>
internal sealed record RetrievalSettings(string FramesColumn, string FrameErrorColumn, int FrameCount, FrameScoring Scoring)
{
    // Layout: two texts (columns), int frame count, double τ, int pooling, bool normalise frames.

    internal void Write(ModelWriter writer)
    {
        writer.Write(FramesColumn);
        writer.Write(FrameErrorColumn);
        writer.Write(FrameCount);
        writer.Write(Scoring.Temperature);
        writer.Write((int)Scoring.Pooling);
        writer.Write(Scoring.NormaliseFrames);
    }

    internal static RetrievalSettings Read(ModelReader reader) => new(reader.ReadString(), reader.ReadString(), reader.ReadInt32(), new()
    {
        Temperature = reader.ReadDouble(),
        Pooling = reader.ReadEnum<FramePooling>(),
        NormaliseFrames = reader.ReadBoolean(),
    });
}
