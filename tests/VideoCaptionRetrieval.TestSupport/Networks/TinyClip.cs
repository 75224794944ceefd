using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Torch.Clip;
using Xunit;

namespace VideoCaptionRetrieval.TestSupport.Networks;

/// <summary>
/// A checkpoint in a temporary folder, initialised from a seed. All of its sizes differ, so that a message can be told by its numbers; its
/// tokenizer merges; its context is short; it has no preprocessor_config.json.
/// </summary>
internal sealed class TinyClip : IDisposable
{
    internal static readonly ClipConfig Config = new(
        new(new(16, 32, 2, 2), VocabularySize: 517, ContextLength: 12, EndOfTextId: 516, StartOfTextId: 515, PaddingId: 516),
        new(new(24, 48, 2, 3), ImageSize: 16, PatchSize: 8), ProjectionSize: 8);

    private readonly string _root = Directory.CreateTempSubdirectory("vcr-clip-").FullName;

    internal TinyClip(ClipConfig? config = null)
    {
        Folder = Path.Combine(_root, "model");
        using var model = ClipModel.Create(config ?? Config, seed: 5);
        model.Save(Folder, SmallClip.Tokenizer(["d o", "do g</w>", "c a"]));
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
}
