using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.ClipCap;

/// <summary>
/// A ClipCap checkpoint: a folder with the published .pt (the first by name where there are several), 'gpt2/' (config.json, vocab.json,
/// merges.txt of the GPT-2 that it was trained from) and its CLIP backbone in 'clip/', which another folder may stand for. Opening it reads no
/// weights. Immutable and thread-safe.
/// </summary>
/// <param name="Folder">The folder.</param>
/// <param name="WeightsPath">The file of weights.</param>
/// <param name="Gpt2Folder">Where GPT-2's configuration and tokenizer lie.</param>
/// <param name="Clip">The CLIP whose image embeddings it was trained on (the published ones: OpenAI's ViT-B/32).</param>
internal sealed record ClipCapCheckpoint(string Folder, string WeightsPath, string Gpt2Folder, ClipCheckpoint Clip)
{
    internal const string Gpt2Name = "gpt2";
    internal const string ClipName = "clip";

    /// <summary>All files that it is made of.</summary>
    internal IEnumerable<string> Files => new[]
    {
        WeightsPath, Path.Combine(Gpt2Folder, CheckpointFiles.Configuration), Path.Combine(Gpt2Folder, BytePairFiles.Vocabulary),
        Path.Combine(Gpt2Folder, BytePairFiles.Merges),
    }.Concat(Clip.Files);

    /// <summary>The weights of a folder that has GPT-2's folder too, the first by name where there are several; null = it is no ClipCap.</summary>
    /// <exception cref="ModelFileException">A file that may hold weights is damaged.</exception>
    internal static string? FindWeights(string folder) => Directory.Exists(Path.Combine(folder, Gpt2Name))
        ? CheckpointFiles.Loose(folder).FirstOrDefault(path =>
        {
            using var file = WeightsFormats.Open(path);
            return ClipCapLayout.Matches(file);
        })
        : null;

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="clip">The CLIP backbone, in any layout; null = the folder's own.</param>
    /// <exception cref="ModelFileException">A file is missing or damaged.</exception>
    internal static ClipCapCheckpoint Open(string folder, string? clip = null)
    {
        var gpt2 = Path.Combine(folder, Gpt2Name);
        if (FindWeights(folder) is not { } weights)
        {
            throw new ModelFileException(folder, $"expected a ClipCap: its weights (.pt), '{Gpt2Name}/' with config.json, vocab.json and merges.txt, "
                + $"and '{ClipName}/' with its CLIP; {MissingModel.Advice}");
        }
        var backbone = clip ?? Path.Combine(folder, ClipName);
        return Path.Exists(backbone)
            ? new(folder, weights, gpt2, ClipCheckpoint.Open(backbone))
            : throw new ModelFileException(backbone, clip is null
                ? $"the folder does not exist; a ClipCap writes about the image embeddings of a CLIP (the published ones: of OpenAI's ViT-B/32). Put it there, "
                  + "or name its folder (in 'vcr': --captioner-clip NAME=DIR)."
                : $"it does not exist; expected the CLIP of the ClipCap '{folder}'; {MissingModel.Advice}");
    }
}
