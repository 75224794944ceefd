using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>The position table of the image tower for another image size than the checkpoint's.</summary>
internal static class ClipPositions
{
    /// <summary>The table of <paramref name="file"/>, interpolated and in memory.</summary>
    /// <param name="file">The weights, under Hugging Face's names.</param>
    /// <param name="own">The image tower of the checkpoint.</param>
    /// <param name="asked">The same for the size that was asked for.</param>
    /// <exception cref="ModelFileException">The table is missing, or does not fit <paramref name="own"/>.</exception>
    internal static TensorEntry Interpolate(WeightsFile file, ClipVisionConfig own, ClipVisionConfig asked)
    {
        const string Name = ClipWeightNames.VisionPositions;
        TensorCheck.Require(file, Name, [own.Patches + 1, own.Tower.HiddenSize]);
        var table = file.ReadFloats(Name);
        var resized = PositionInterpolation.Resize(table, own.Tower.HiddenSize, own.Grid, asked.Grid);
        return new(file.Entry(Name).File, TensorType.Float32, [asked.Patches + 1, own.Tower.HiddenSize], 0,
            Values: MemoryMarshal.AsBytes(resized.AsSpan()).ToArray());
    }
}
