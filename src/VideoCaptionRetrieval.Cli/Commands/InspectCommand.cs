using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Hub;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr inspect PATH: what a checkpoint, a saved model or an index holds, and what is missing or left over.</summary>
internal static class InspectCommand
{
    /// <summary>How a saved model or an index compares a video with a text, and how many frames of a video a model samples.</summary>
    private sealed record Retrieval(int? FrameCount, FrameScoring Scoring);

    internal static Command Create(CommandHost host)
    {
        var path = new Argument<string>("PATH")
        {
            Description = "A checkpoint (its folder, or a PyTorch file with its tokenizer beside it), a saved model, or an index.",
        };
        var command = new Command("inspect", "Show what a checkpoint, a saved model or an index holds, and what is missing or unexpected in it.") { path };
        return host.Handle(command, (parsed, context) => Run(context, parsed.GetRequiredValue(path)));
    }

    private static int Run(CommandContext context, string path)
    {
        if (VideoIndex.Exists(path)) return PrintIndex(context, path);
        if (!ModelReference.IsSavedModel(path)) return Print(context, CheckpointFormats.Inspect(path), path, saved: null);
        var model = ModelReference.Describe(context.CreateMLContext(), path);
        return Print(context, CheckpointFormats.Inspect(model.CheckpointFolder), path, new(model.FrameCount, model.Scoring));
    }

    private static int PrintIndex(CommandContext context, string path)
    {
        using var index = VideoIndex.Open(path);
        var held = index.Describe();
        var retrieval = new Retrieval(FrameCount: null, held.Scoring);
        context.Print(
            new
            {
                kind = "index",
                path,
                family = held.Family,
                embedding = held.Dimension,
                videos = held.Videos,
                frames = held.Frames,
                model = held.Model,
                integerProducts = held.Products?.ToString(),
                retrieval = ToJson(retrieval),
            },
            [
                $"{path}: index, made with a {held.Family ?? "model without a text side"}", Line("videos", held.Videos), Line("frames", held.Frames),
                Line("embedding", held.Dimension), .. Lines(retrieval), Line("model", $"SHA-256 {held.Model}"),
                Line("computed", held.Products is { } products ? Invariant($"in 8 bits, {products} products") : "in floating point, or by 0.1, which did not say"),
            ]);
        return ExitCode.Done;
    }

    private static int Print(CommandContext context, CheckpointReport report, string path, Retrieval? saved)
    {
        context.Print(ToJson(report, path, saved), Lines(report, path, saved));
        return report.IsComplete ? ExitCode.Done : ExitCode.Failed;
    }

    private static object ToJson(CheckpointReport report, string path, Retrieval? saved) => new
    {
        kind = saved is null ? "checkpoint" : "model",
        path,
        family = report.Model,
        capabilities = report.Capabilities,
        embedding = report.Embedding,
        imageSize = report.ImageSize,
        model = report.Model,
        format = report.Format,
        complete = report.IsComplete,
        settings = report.Facts.Select(fact => KeyValuePair.Create<string, object?>(Camel(fact.Key), fact.Value))
            .Append(new("file", report.ImageSettings?.File))
            .Append(new("default", report.ImageSettings?.Defaults ?? []))
            .ToDictionary(),
        retrieval = saved is null ? null : ToJson(saved),
        files = report.Files.Select(file => new { name = file.Key, bytes = file.Value }),
        tensors = report.Tensors,
        weights = report.Elements.ToDictionary(type => type.Key, type => type.Value),
        missing = report.Missing,
        unexpected = report.Unexpected,
        wrong = report.Wrong,
    };

    private static object ToJson(Retrieval retrieval) => new
    {
        frames = retrieval.FrameCount,
        pooling = $"{retrieval.Scoring.Pooling}",
        temperature = retrieval.Scoring.Temperature,
        normaliseFrames = retrieval.Scoring.NormaliseFrames,
    };

    private static IEnumerable<string> Lines(CheckpointReport report, string path, Retrieval? saved)
    {
        yield return $"{path}: {(saved is null ? "" : "saved model, ")}{report.Model}, {report.Format}";
        if (report.Capabilities.Count > 0) yield return Line("can", string.Join(", ", report.Capabilities));
        foreach (var (name, value) in report.Facts) yield return Line(name, value);
        if (report.ImageSettings is { } settings)
        {
            yield return Line("image settings", settings.File ?? "stated by no file");
            if (settings.Defaults.Count > 0) yield return Line("", $"not stated, defaults taken: {string.Join(", ", settings.Defaults)}");
        }
        foreach (var line in saved is null ? [] : Lines(saved)) yield return line;
        foreach (var (name, bytes) in report.Files) yield return Line(name, ByteSize.Text(bytes));
        if (report.Tensors is { } tensors) yield return Line("tensors", tensors);
        foreach (var (type, count) in report.Elements) yield return Line("weights", Invariant($"{count:#,0} {type}"));
        foreach (var name in report.Missing) yield return Line("missing", name);
        foreach (var name in report.Unexpected) yield return Line("unexpected", name);
        foreach (var fault in report.Wrong) yield return Line("wrong", fault);
        yield return report.IsComplete ? "complete" : "not complete: it cannot be loaded";
    }

    private static IEnumerable<string> Lines(Retrieval retrieval) =>
    [
        .. retrieval.FrameCount is { } frames ? [Line("frames of a video", frames)] : Array.Empty<string>(), Line("pooling", $"{retrieval.Scoring.Pooling}"),
        Line("temperature", Invariant($"{retrieval.Scoring.Temperature}")),
    ];

    private static string Line(string name, object value) => Invariant($"  {name,-28} {value}");

    private static string Camel(string name) => string.Concat(name.Split(' ')
        .Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
