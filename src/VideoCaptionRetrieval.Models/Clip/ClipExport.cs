using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Clip.Graphs;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>Writes a checkpoint of any format as a complete folder, which this library and Python's transformers can open.</summary>
public static class ClipExport
{
    /// <summary>
    /// Writes Hugging Face layout: config.json, model.safetensors in the stored types, all tokenizer files that other programs read, and
    /// preprocessor_config.json.
    /// </summary>
    /// <param name="checkpoint">The checkpoint to write.</param>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <exception cref="IOException"><paramref name="folder"/> exists and is not empty.</exception>
    internal static void ToSafetensors(ClipCheckpoint checkpoint, string folder) => WriteSafetensors(checkpoint, folder, GenerateMissing(checkpoint));

    /// <summary>Writes the layout of public ONNX exports: the same files around onnx/text_model.onnx and onnx/vision_model.onnx, fp32.</summary>
    /// <inheritdoc cref="ToSafetensors"/>
    internal static void ToOnnx(ClipCheckpoint checkpoint, string folder) => AtomicFolder.Write(folder, temporary =>
    {
        using var weights = checkpoint.OpenCheckedWeights();
        WriteProcessorFiles(checkpoint, temporary, GenerateMissing(checkpoint));
        ClipGraphs.Export(temporary, checkpoint.Config, weights);
    });

    /// <summary>
    /// Writes the layout of saved models: Hugging Face layout, with graphs of both towers that point into the weights. An export is copied as it is.
    /// </summary>
    /// <inheritdoc cref="ToSafetensors"/>
    internal static void ToSavedModel(ClipCheckpoint checkpoint, string folder)
    {
        if (checkpoint.Format == ClipFormat.Onnx) Copy(checkpoint, folder);
        else AddGraphs(() => WriteSafetensors(checkpoint, folder, []), folder);
    }

    /// <summary>Writes a folder in Hugging Face layout, then the graphs of both towers beside its weights.</summary>
    public static void AddGraphs(Action write, string folder)
    {
        write();
        using var weights = new SafetensorsFile(Path.Combine(folder, CheckpointFiles.Weights));
        ClipGraphs.WriteBeside(folder, ClipConfig.Read(folder), weights);
    }

    private static void Copy(ClipCheckpoint checkpoint, string folder) => AtomicFolder.Write(folder, temporary =>
    {
        foreach (var file in checkpoint.Files)
        {
            var target = Path.Combine(temporary, Path.GetRelativePath(checkpoint.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    });

    private static void WriteSafetensors(ClipCheckpoint checkpoint, string folder, IEnumerable<KeyValuePair<string, byte[]>> more) =>
        AtomicFolder.Write(folder, temporary =>
    {
        using var weights = checkpoint.OpenCheckedWeights();
        WriteProcessorFiles(checkpoint, temporary, more);
        SafetensorsWriter.Copy(Path.Combine(temporary, CheckpointFiles.Weights), weights, ClipTensors.List(checkpoint.Config).Keys);
    });

    private static IReadOnlyDictionary<string, byte[]> GenerateMissing(ClipCheckpoint checkpoint) =>
        ClipProcessorFiles.GenerateMissing(checkpoint.Folder, checkpoint.Config.Text.ContextLength);

    private static void WriteProcessorFiles(ClipCheckpoint checkpoint, string folder, IEnumerable<KeyValuePair<string, byte[]>> more)
    {
        foreach (var (name, content) in checkpoint.ReadProcessorFiles().Concat(more)) File.WriteAllBytes(Path.Combine(folder, name), content);
        File.WriteAllText(Path.Combine(folder, CheckpointFiles.Configuration), checkpoint.Config.ToJson());
    }
}
