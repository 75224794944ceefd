using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>
/// The files of a CLIP checkpoint in Hugging Face layout: config.json, model.safetensors, vocab.json, merges.txt, and, where the
/// source has them, preprocessor_config.json and the tokenizer's further files.
/// </summary>
internal static class ClipCheckpoint
{
    private static readonly string[] Needed =
        [CheckpointFiles.Configuration, CheckpointFiles.Weights, ClipVocabulary.VocabularyFile, ClipVocabulary.MergesFile];

    private static readonly string[] Companions =
    [
        ClipVocabulary.VocabularyFile, ClipVocabulary.MergesFile, CheckpointFiles.Preprocessor, "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json",
    ];

    /// <exception cref="ModelFileException">The folder or a needed file is missing; the message lists what was found.</exception>
    internal static void CheckFolder(string folder)
    {
        var needed = $"needed are '{string.Join("', '", Needed)}' (a CLIP checkpoint in Hugging Face layout)";
        if (!Directory.Exists(folder)) throw new ModelFileException(folder, $"the folder does not exist; {needed}.");
        if (Needed.All(name => File.Exists(Path.Combine(folder, name)))) return;
        var found = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        throw new ModelFileException(folder, $"{needed}; found {(found.Count == 0 ? "nothing" : $"'{string.Join("', '", found)}'")}.");
    }

    /// <summary>The checkpoint's files that a folder has, of which it may hold others.</summary>
    internal static IEnumerable<string> Files(string folder) =>
        Needed.Union(Companions).Select(name => Path.Combine(folder, name)).Where(File.Exists);

    internal static ClipModel LoadModel(string folder, ClipConfig config)
    {
        using var file = new SafetensorsFile(Path.Combine(folder, CheckpointFiles.Weights));
        return ModuleLoading.LoadOrDispose(new ClipModel(config), file);
    }

    /// <summary>Tokenizer and image preprocessing must fit the network.</summary>
    internal static void CheckCompanions(string folder, ClipConfig config, ClipTokenizer tokenizer, ImagePreprocessing preprocessing)
    {
        if (tokenizer.LargestId >= config.Text.VocabularySize)
        {
            throw new ModelFileException(Path.Combine(folder, ClipVocabulary.VocabularyFile), $"the largest id is {tokenizer.LargestId}, "
                + $"but 'text_config.vocab_size' in {CheckpointFiles.Configuration} is {config.Text.VocabularySize}; "
                + "the two files do not belong together.");
        }
        if (preprocessing.Format.Size != config.Vision.ImageSize)
        {
            throw new ModelFileException(folder, $"the image preprocessing makes frames of {preprocessing.Format.Size} pixels, but "
                + $"'vision_config.image_size' in {CheckpointFiles.Configuration} is {config.Vision.ImageSize}; expected the same size.");
        }
    }

    /// <summary>Reads the files that are saved again as they are, so that saving does not need the source folder any more.</summary>
    internal static IReadOnlyDictionary<string, byte[]> ReadCompanions(string folder) => Companions
        .Where(name => File.Exists(Path.Combine(folder, name)))
        .ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name)), StringComparer.Ordinal);

    /// <summary>Writes a whole checkpoint.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <param name="model">Configuration and weights.</param>
    /// <param name="companions">The other files: name and content.</param>
    /// <exception cref="IOException"><paramref name="folder"/> exists and is not empty.</exception>
    internal static void Write(string folder, ClipModel model, IReadOnlyDictionary<string, byte[]> companions) => AtomicFolder.Write(folder, temporary =>
    {
        foreach (var (name, content) in companions) File.WriteAllBytes(Path.Combine(temporary, name), content);
        File.WriteAllText(Path.Combine(temporary, CheckpointFiles.Configuration), model.Config.ToJson());
        SafetensorsWriter.Write(Path.Combine(temporary, CheckpointFiles.Weights), model.named_parameters()
            .Select(named => KeyValuePair.Create<string, TorchSharp.torch.Tensor>(named.name, named.parameter)));
    });
}
