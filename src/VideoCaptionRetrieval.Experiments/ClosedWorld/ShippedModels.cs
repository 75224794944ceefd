using System.Globalization;
using VideoCaptionRetrieval.Experiments.ImageModels;
using VideoCaptionRetrieval.Experiments.ShapeWorld;

namespace VideoCaptionRetrieval.Experiments.ClosedWorld;

/// <summary>How the small models that ship with the library are made: of still images, and of nothing else.</summary>
public static class ShippedModels
{
    /// <summary>The seed of those in models/.</summary>
    internal const int Seed = 1;

    private const int TaggedStills = 12_000, AltTextStills = 30_000, Carefully = 10_000;

    /// <summary>The still images that captioners learn from, with their captions.</summary>
    internal static CaptionedImages CleanStills(int seed) => new StillImages(seed).Careful(Carefully);

    /// <summary>Trains the models that are not in the folder yet.</summary>
    /// <param name="folder">Gets clip, clipcap, blip, blip-retrieval; each appears complete or not at all.</param>
    /// <param name="seed">Seed of still images, captions, weights and training.</param>
    /// <param name="progress">Takes lines for people.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    public static void Make(string folder, int seed, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var stills = new StillImages(seed);
        var data = new ImageModelData(Vocabulary.Words, stills.Tagged(TaggedStills), stills.AltText(AltTextStills, new()), stills.Careful(Carefully));
        ImageModelTraining.Run(data, folder, new() { Seed = seed }, progress is null ? null : new Lines(progress), cancellationToken);
    }

    /// <summary>Says every few hundred steps how far a training is.</summary>
    private sealed class Lines(IProgress<string> lines) : IProgress<ImageModelProgress>
    {
        private const int Every = 200;

        public void Report(ImageModelProgress value)
        {
            if (value.Step % Every == 0 || value.Step == value.Steps)
                lines.Report(string.Create(CultureInfo.InvariantCulture, $"  {value.Stage}: step {value.Step} of {value.Steps}, loss {value.Loss:0.000}"));
        }
    }
}
