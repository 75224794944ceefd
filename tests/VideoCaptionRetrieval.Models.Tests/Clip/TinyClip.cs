using System.Text.Json;
using VideoCaptionRetrieval.Models.Clip;

namespace VideoCaptionRetrieval.Models.Tests.Clip;

/// <summary>A complete small checkpoint, initialised from a seed, in a temporary folder.</summary>
internal sealed class TinyClip : IDisposable
{
    internal static readonly ClipConfig Config = new(
        new(new(16, 32, 2, 2), VocabularySize: 520, ContextLength: 12, EndOfTextId: 519, StartOfTextId: 518, PaddingId: 519),
        new(new(24, 48, 2, 3), ImageSize: 16, PatchSize: 8), ProjectionSize: 8);

    private readonly string _root = Directory.CreateTempSubdirectory("vcr-clip-").FullName;

    internal TinyClip(ClipConfig? config = null)
    {
        Folder = Path.Combine(_root, "model");
        using var model = ClipModel.Create(config ?? Config, seed: 5);
        ClipCheckpoint.Write(Folder, model, new Dictionary<string, byte[]>
        {
            ["vocab.json"] = JsonSerializer.SerializeToUtf8Bytes(Vocabulary()),
            ["merges.txt"] = "#version: 0.2\nd o\ndo g</w>\nc a\n"u8.ToArray(),
        });
    }

    internal string Folder { get; }

    internal string File(string name) => Path.Combine(Folder, name);

    internal string Sibling(string name) => Path.Combine(_root, name);

    /// <summary>Replaces a text in one of the files.</summary>
    internal void Edit(string name, string old, string replacement)
    {
        var content = System.IO.File.ReadAllText(File(name));
        Assert.Contains(old, content);
        System.IO.File.WriteAllText(File(name), content.Replace(old, replacement));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>The 256 byte letters of the byte-level alphabet, the same at the end of a word, three merges, start 518 and end 519.</summary>
    private static Dictionary<string, int> Vocabulary()
    {
        var printable = Enumerable.Range('!', '~' - '!' + 1)
            .Concat(Enumerable.Range('¡', '¬' - '¡' + 1)).Concat(Enumerable.Range('®', 'ÿ' - '®' + 1)).ToList();
        var letters = printable.Concat(Enumerable.Range(256, 256 - printable.Count)).Select(code => ((char)code).ToString()).ToList();
        var tokens = letters.Concat(letters.Select(letter => letter + "</w>")).Concat(["do", "dog</w>", "ca"]);
        var vocabulary = tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id);
        vocabulary["<|startoftext|>"] = 518;
        vocabulary["<|endoftext|>"] = 519;
        return vocabulary;
    }
}
