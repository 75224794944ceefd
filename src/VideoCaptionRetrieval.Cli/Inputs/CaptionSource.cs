using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Captions that a command line names: a store's folder, or a file that was written of one.</summary>
internal static class CaptionSource
{
    /// <summary>Opens a store that must be there already.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    internal static CaptionStore OpenStore(string path) => File.Exists(Path.Combine(path, CaptionStore.FileName))
        ? CaptionStore.Open(path)
        : throw new UserErrorException($"'{path}' is no store of captions: there is no '{CaptionStore.FileName}' in it; expected a folder that 'vcr caption --store' filled.");

    /// <summary>The captions of a store, of an exported file, or of a file that 'vcr caption --out' wrote.</summary>
    /// <exception cref="UserErrorException">Nothing is there.</exception>
    /// <exception cref="InvalidDataException">A line is broken.</exception>
    internal static IEnumerable<CaptionRecord> Read(string path)
    {
        if (Directory.Exists(path)) return OpenStore(path).Captions;
        if (!File.Exists(path)) throw new UserErrorException($"'{path}' does not exist; expected a store of captions, or a file of them.");
        return CaptionFiles.IsParquet(path) ? CaptionFiles.Read(path) : CaptionLine.Read(path, Record);
    }

    /// <summary>A line as a record; what the file does not say is made up of what it says, which counting does not look at.</summary>
    internal static CaptionRecord Record(CaptionLine line) => new()
    {
        VideoId = line.Video,
        Start = line.Clip.Start,
        End = line.Clip.End,
        Content = line.Source.OptionalText("content") ?? line.Video,
        Frame = (int)(line.Frame ?? 0),
        Time = line.Time ?? double.NaN,
        Captioner = line.Captioner,
        Identity = line.Source.OptionalText("identity") ?? line.Captioner,
        Caption = line.Caption,
    };
}
