using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Torch.Clip;

namespace VideoCaptionRetrieval.Experiments.Tests.SmallModels;

public sealed class SmallModelsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-small-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Place(string name) => Path.Combine(_folder, name);

    public static TheoryData<string> Kinds => ["clip", "blip"];

    private string Write(string kind, int seed, string name)
    {
        if (kind == "clip") Experiments.SmallModels.WriteClip(Place(name), seed);
        else Experiments.SmallModels.WriteBlip(Place(name), seed);
        return Place(name);
    }

    private static Dictionary<string, byte[]> Files(string folder) =>
        Directory.GetFiles(folder).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Write_SameSeed_SameBits(string kind)
    {
        var (first, second, other) = (Files(Write(kind, 5, "first")), Files(Write(kind, 5, "second")), Files(Write(kind, 6, "other")));
        Assert.Equal(first.Keys.Order(), second.Keys.Order());
        Assert.All(first, file => Assert.Equal(file.Value, second[file.Key]));
        Assert.NotEqual(first["model.safetensors"], other["model.safetensors"]);
        Assert.Equal(first["config.json"], other["config.json"]);
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder).Length);      // nothing temporary is left
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Write_FolderWithFiles_RefusedAndUntouched(string kind)
    {
        var mine = Path.Combine(Directory.CreateDirectory(Place("taken")).FullName, "mine.txt");
        File.WriteAllText(mine, "mine");
        Assert.Contains("not empty", Assert.Throws<IOException>(() => Write(kind, 1, "taken")).Message);
        Assert.Equal([mine], Directory.GetFileSystemEntries(Place("taken")));
        Write(kind, 1, Path.GetFileName(Directory.CreateDirectory(Place("empty")).FullName));
        Assert.True(File.Exists(Path.Combine(Place("empty"), "config.json")));
    }

    [Fact]
    public void WriteClip_Loaded_EmbedsFramesAndAnyText()
    {
        using var encoder = TorchClipEncoder.Load(Write("clip", 1, "clip"));
        Assert.Equal((Experiments.SmallModels.Dimension, Experiments.SmallModels.ImageSize), (encoder.Dimension, encoder.FrameFormat.Size));
        string[] texts = ["a red box", "ein gelber Kasten fällt", "日本", ""];
        var embeddings = new float[texts.Length * encoder.Dimension];
        encoder.EmbedTexts(texts, embeddings);
        Assert.All(embeddings, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(texts.Length, embeddings.Chunk(encoder.Dimension).Select(vector => vector[0]).Distinct().Count());
    }

    [Fact]
    public void WriteBlip_Loaded_CaptionsDependOnThePicture()
    {
        using var captioner = CheckpointFormats.Require<CaptionerCheckpoint>(Write("blip", 1, "blip")).Load(new());
        Assert.Equal(Experiments.SmallModels.ImageSize, captioner.FrameFormat.Size);
        var frames = new byte[4 * captioner.FrameFormat.FrameBytes];
        for (var i = 0; i < frames.Length; i++) frames[i] = (byte)(i / captioner.FrameFormat.FrameBytes * 80 * (i % 3 + 1));
        var captions = captioner.Caption(frames, 4);
        Assert.All(captions, caption => Assert.False(string.IsNullOrWhiteSpace(caption)));
        Assert.True(captions.Distinct().Count() > 1, string.Join(" | ", captions));
    }
}
