using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr embed: embeddings of texts or image files, projected and un-normalised.</summary>
internal static class EmbedCommand
{
    internal static Command Create(CommandHost host)
    {
        var clip = CommonOptions.Model("--clip", "The CLIP that embeds");
        var texts = new Option<string[]>("--text") { Description = "Texts to embed.", HelpName = "TEXT...", AllowMultipleArgumentsPerToken = true };
        var images = new Option<string[]>("--image") { Description = "Image files to embed.", HelpName = "FILE...", AllowMultipleArgumentsPerToken = true };
        images.Validators.Add(Validators.Paths());
        var command = new Command("embed", "Embed texts or images; the embeddings are projected and not normalised.") { clip, texts, images };
        command.Validators.Add(result =>
        {
            if (result.GetResult(texts) is null == result.GetResult(images) is null)
                result.AddError("Give --text TEXT... or --image FILE..., one of the two.");
        });
        return host.Handle(command, (parsed, context) =>
            Run(context, parsed.GetRequiredValue(clip), parsed.GetValue(texts) ?? [], parsed.GetValue(images) ?? []));
    }

    private static int Run(CommandContext context, string clip, string[] texts, string[] images)
    {
        using var model = ModelReference.Open(context.CreateMLContext(), clip);
        var encoder = model.Encoder;
        var embeddings = texts.Length > 0 ? EmbedTexts(encoder, texts) : EmbedImages(encoder, images);
        var rows = embeddings.Chunk(encoder.Dimension).ToList();
        context.Print(new { embeddings = rows }, rows.Select(row => string.Join(' ', row.Select(value => Invariant($"{value}")))));
        return ExitCode.Done;
    }

    private static float[] EmbedTexts(IDualEncoder encoder, string[] texts)
    {
        var embeddings = new float[texts.Length * encoder.Dimension];
        encoder.EmbedTexts(texts, embeddings);
        return embeddings;
    }

    private static float[] EmbedImages(IDualEncoder encoder, string[] files)
    {
        var format = encoder.FrameFormat;
        var frames = new byte[files.Length * format.FrameBytes];
        for (var i = 0; i < files.Length; i++)
        {
            var image = ImageFile.Load(files[i]);
            FramePreparation.Prepare(image.Pixels, image.Width, image.Height, format, frames.AsSpan(i * format.FrameBytes, format.FrameBytes));
        }
        var embeddings = new float[files.Length * encoder.Dimension];
        encoder.EmbedFrames(frames, files.Length, embeddings);
        return embeddings;
    }
}
