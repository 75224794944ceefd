using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>A captioner of the command line, NAME=DIR: a free label and a folder whose kind is read from it.</summary>
/// <param name="Name">The label.</param>
/// <param name="Folder">The checkpoint.</param>
/// <param name="Format">What its frames must look like.</param>
internal sealed record NamedCaptioner(string Name, string Folder, FrameFormat Format)
{
    /// <summary>Whether a value is of the form NAME=DIR.</summary>
    internal static bool HasForm(string value) => value.IndexOf('=') is var at and > 0 && at < value.Length - 1;

    /// <summary>Parses and checks all of them.</summary>
    /// <exception cref="UsageException">Two have one name.</exception>
    /// <exception cref="ModelFileException">A folder is missing, or holds something that is not implemented.</exception>
    internal static List<NamedCaptioner> Parse(IReadOnlyList<string> values)
    {
        var captioners = values.Select(value => value.Split('=', 2)).ToList();
        var twice = captioners.GroupBy(captioner => captioner[0]).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new UsageException($"--captioner: '{twice.Key}' is given twice; every captioner needs a name of its own.");
        return captioners.ConvertAll(captioner => Read(captioner[0], captioner[1]));
    }

    /// <summary>One frame column for each form of frames that these captioners (and a model) take.</summary>
    internal static Dictionary<FrameFormat, FrameColumn> Columns(IEnumerable<FrameFormat> formats, int count) => formats.Distinct()
        .Select((format, index) => new FrameColumn(index == 0 ? "Frames" : $"Frames{index + 1}", format, count))
        .ToDictionary(column => column.Format);

    /// <summary>The captioner for ML.NET's chain.</summary>
    internal Captioner For(FrameColumn column, GenerationOptions generation) => Captioner.Blip(Folder, column.Name, Name, generation);

    private static NamedCaptioner Read(string name, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ModelFileException(folder,
                $"the folder does not exist; expected a captioner's checkpoint (BLIP in Hugging Face layout); {MissingModel.Advice}");
        }
        var config = ConfigurationSection.Read(Path.Combine(folder, "config.json"));
        if (config.Text("model_type", "") != "blip") throw config.Unexpected("model_type", "'blip'");
        return new(name, folder, ImagePreprocessing.Read(folder).Format);
    }
}
