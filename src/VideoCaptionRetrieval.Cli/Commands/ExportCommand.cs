using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr export: a model as a checkpoint folder, with ONNX graphs or with safetensors weights.</summary>
internal static class ExportCommand
{
    internal static Command Create(CommandHost host)
    {
        var model = CommonOptions.Model("--model", "What is exported");
        var onnx = Folder("--onnx", "Write ONNX graphs of both towers: onnx/text_model.onnx, onnx/vision_model.onnx.");
        var safetensors = Folder("--safetensors", "Write model.safetensors, in Hugging Face layout, as Python's transformers reads it.");
        var imageSize = new Option<int?>("--image-size")
        {
            Description = "Resize the model's input to this many pixels, by interpolating its position table.",
            HelpName = "PIXELS",
        };
        imageSize.Validators.Add(Validators.AtLeast(1));
        var command = new Command("export", "Write a model as a complete checkpoint folder, which --clip takes.")
        {
            model, onnx, safetensors, imageSize,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(onnx) is null == result.GetResult(safetensors) is null)
                result.AddError("Give --onnx DIR or --safetensors DIR, one of the two.");
        });
        return host.Handle(command, (parsed, context) => Run(
            context, parsed.GetRequiredValue(model), parsed.GetValue(onnx), parsed.GetValue(safetensors), parsed.GetValue(imageSize)));
    }

    private static int Run(CommandContext context, string model, string? onnx, string? safetensors, int? imageSize)
    {
        var description = ModelReference.Describe(context.CreateMLContext(), model);
        var checkpoint = CheckpointFormats.Require<DualEncoderCheckpoint>(description.CheckpointFolder, new(imageSize));
        var folder = onnx ?? safetensors!;
        if (onnx is not null) checkpoint.ExportOnnx(folder);
        else checkpoint.ExportSafetensors(folder);
        if (description.FrameCount is not null)
            context.Report("A checkpoint holds no temperature, pooling or frame count; the saved model keeps them.");
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        context.Print(new { path = folder, files }, files);
        return ExitCode.Done;
    }

    private static Option<string?> Folder(string name, string description) =>
        new(name) { Description = description + " A new or empty folder.", HelpName = "DIR" };
}
