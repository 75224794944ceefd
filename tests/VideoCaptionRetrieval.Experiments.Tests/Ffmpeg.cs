using VideoCaptionRetrieval.Sampling.Ffmpeg;

namespace VideoCaptionRetrieval.Experiments.Tests;

/// <summary>What tests that render videos need.</summary>
internal static class Ffmpeg
{
    internal static void SkipWithout()
    {
        try
        {
            FfmpegTools.Find(new());
        }
        catch (FileNotFoundException e)
        {
            Skip.If(true, e.Message);
        }
    }
}
