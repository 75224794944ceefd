using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>Whoever names a model that is not there reads which command fetches one.</summary>
[Collection(ToolTests.Name)]
public sealed class MissingModelTests(Assets assets)
{
    private const string Absent = "no-such-model";

    public static TheoryData<string, Action> Library => new()
    {
        { "image preprocessing", () => CheckpointFormats.ReadPreprocessing(Absent) },
        { "vision configuration", () => VisionConfig.Read(Absent) },
        { "BLIP", () => CheckpointFormats.Require<CaptionerCheckpoint>(Absent).Load(new()) },
        { "a reference", () => CheckpointReference.Describe(Absent) },
        { "a saved reference", () => new CheckpointReference(Absent, FrameSize: 224, Fingerprint: "").Check("a test") },
    };

    public static TheoryData<string> Commands =>
    [
        $"frames v.mp4 --out d --clip {Absent}",
        $"embed --text a --clip {Absent}",
        $"fit VIDEOS --out m.zip --captions LINES --clip {Absent}",
        $"fit VIDEOS --out m.zip --clip CLIP --captioner a={Absent}",
        $"caption VIDEOS --out c.jsonl --captioner a={Absent}",
        $"select LINES --out s.jsonl --clip {Absent}",
        $"evaluate --videos VIDEOS --queries LINES --model {Absent}",
        $"index VIDEOS --out i --model {Absent}",
    ];

    [Theory]
    [MemberData(nameof(Library))]
    public void Library_MissingFolder_NamesTheCommand(string what, Action open) =>
        Assert.True(Assert.Throws<ModelFileException>(open).Message.EndsWith($"; {MissingModel.Advice}", StringComparison.Ordinal), what);

    [SkippableTheory]
    [MemberData(nameof(Commands))]
    public async Task Tool_MissingModel_NamesTheCommand(string line)
    {
        var lines = assets.Lines("lines.jsonl", [.. assets.Paths.Select(path =>
            $$"""{"video":"{{path}}","caption":"a","text":"a","time":0,"captioner":"a","frame":0}""")]);
        var arguments = line.Replace("VIDEOS", assets.Videos, StringComparison.Ordinal).Replace("LINES", lines, StringComparison.Ordinal)
            .Replace("CLIP", assets.Clip, StringComparison.Ordinal).Split(' ');
        (await Tool.RunAsync(arguments)).ExpectError(1, Absent, MissingModel.Advice);
    }
}
