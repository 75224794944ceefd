using VideoCaptionRetrieval.TestSupport.Architecture;

namespace VideoCaptionRetrieval.Tests.Conventions;

/// <summary>The allowed directions between the folders of each project: a folder, and all those that it uses.</summary>
internal static class FolderTable
{
    internal static readonly IReadOnlyDictionary<string, string[]> Projects = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["VideoCaptionRetrieval.Models"] =
        [
            "Blip -> ., Captioners, Checkpoints, Checkpoints/Formats, Families, Generation, Imaging, Tokenization",
            "Captioners -> ., Generation",
            "Checkpoints -> .",
            "Checkpoints/Formats -> ., Checkpoints, Checkpoints/Pickle",
            "Checkpoints/Pickle -> ., Checkpoints",
            "Clip -> ., Checkpoints, Checkpoints/Formats, Checkpoints/Pickle, Clip/Configuration, Clip/Graphs, Families, Imaging, Onnx, Tokenization",
            "Clip/Configuration -> ., Checkpoints, Imaging",
            "Clip/Graphs -> ., Checkpoints, Clip/Configuration, Onnx",
            "ClipCap -> ., Captioners, Checkpoints, Checkpoints/Formats, Clip, Families, Generation, Gpt2, Imaging, Tokenization",
            "Families -> ., Captioners, Checkpoints, Generation, Imaging",
            "Generation -> .",
            "Gpt2 -> ., Checkpoints",
            "Hub -> ., Checkpoints",
            "Imaging -> ., Checkpoints",
            "Onnx -> ., Checkpoints",
            "Registry -> ., Blip, Clip, ClipCap, Families, Hub, Imaging, VisionEncoderDecoder",
            "Tokenization -> ., Checkpoints",
            "VisionEncoderDecoder -> ., Captioners, Checkpoints, Families, Generation, Imaging, Onnx, Tokenization",
        ],
        ["VideoCaptionRetrieval"] =
        [
            ". -> Evaluation, Interop, Objective, Retrieval, Video",
            "Batching -> Interop",
            "Captioning -> Batching, Captioning/Chat, Data, Interop, Sampling, Video",
            "ClipScore -> Batching, Captioning, Interop, Objective, Sampling",
            "Data -> Interop, Video",
            "Evaluation -> Data, Interop, Objective, Video",
            "Retrieval -> Batching, Data, Evaluation, Interop, Objective, Sampling, Video",
            "Sampling -> Batching, Data, Interop, Video, Video/Cache, Video/Reading",
            "Video/Cache -> Video",
            "Video/Decoding -> Video, Video/Timeline",
            "Video/Decoding/Ffmpeg -> Video, Video/Decoding, Video/Timeline",
            "Video/Reading -> Video, Video/Cache, Video/Decoding, Video/Decoding/Ffmpeg, Video/Timeline",
        ],
        ["VideoCaptionRetrieval.Torch"] =
        [
            ". -> Training, Training/Options",
            "Backend -> Blip, Clip, ClipCap, DualEncoders, Native",
            "Blip -> DualEncoders, Layers, Native",
            "Clip -> DualEncoders, Layers, Native",
            "ClipCap -> Gpt2, Layers, Native",
            "Gpt2 -> Layers, Native",
            "Layers -> Native",
            "Objective -> Blip, Native",
            "Training -> Backend, Blip, DualEncoders, Native, Objective, Training/Data, Training/Optimization, Training/Options, Training/Runs",
            "Training/Data -> Training/Options",
            "Training/Optimization -> DualEncoders, Native, Training/Options",
            "Training/Options -> Objective",
            "Training/Runs -> DualEncoders, Layers, Objective, Training/Data, Training/Optimization, Training/Options",
        ],
        ["VideoCaptionRetrieval.Search"] =
        [
            ". -> Hits, Sheets, Storage",
            "Sheets -> Hits",
            "Storage -> Hits",
        ],
        ["VideoCaptionRetrieval.Experiments"] =
        [
            "Ablations -> ImageModels, ShapeWorld",
            "ClosedWorld -> Ablations, ImageModels, ShapeWorld",
            "ImageModels -> SmallModels",
            "ShapeWorld -> ImageModels",
        ],
    };

    /// <summary>The compiled project, which lies beside the tests.</summary>
    internal static string Assembly(string project) => Path.Combine(AppContext.BaseDirectory, $"{project}.dll");

    /// <summary>The lines of a project as they should be.</summary>
    internal static IReadOnlyList<string> Read(string project)
    {
        var folders = new SourceFolders(project);
        return [.. TypeUses.Read(Assembly(project)).Where(use => use.Assembly == project)
            .Select(use => (User: folders.Of(use.User), Used: folders.Of(use.Used)))
            .Where(use => use.User is not null && use.Used is not null && use.User != use.Used)
            .Distinct().GroupBy(use => use.User!, use => use.Used!).OrderBy(folder => folder.Key, StringComparer.Ordinal)
            .Select(folder => $"{folder.Key} -> {string.Join(", ", folder.Order(StringComparer.Ordinal))}")];
    }
}
