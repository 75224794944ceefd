namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Lists the public checkpoints with a short name. Sizes are approximate; servers announce the exact ones.</summary>
public static class KnownModels
{
    private const string OpenAI = "https://openaipublic.azureedge.net/clip/models/";
    private const string Blip = "https://storage.googleapis.com/sfr-vision-language-research/BLIP/models/";
    private const string Drive = "https://drive.google.com/uc?id=";
    private const long Megabyte = 1_000_000;

    /// <summary>All of them, in the order in which they are listed.</summary>
    public static IReadOnlyList<KnownModel> All { get; } =
    [
        Clip("clip-vit-base-patch32", "openai/clip-vit-base-patch32", "OpenAI's CLIP ViT-B/32, 224 pixels", 605),
        Clip("clip-vit-base-patch16", "openai/clip-vit-base-patch16", "OpenAI's CLIP ViT-B/16, 224 pixels", 599),
        Clip("clip-vit-large-patch14", "openai/clip-vit-large-patch14", "OpenAI's CLIP ViT-L/14, 224 pixels", 1710),
        Clip("clip-vit-large-patch14-336", "openai/clip-vit-large-patch14-336", "OpenAI's CLIP ViT-L/14, 336 pixels", 1710),
        Clip("CLIP-ViT-B-32-laion2B-s34B-b79K", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K", "LAION's CLIP ViT-B/32 on LAION-2B", 605),
        Clip("CLIP-ViT-L-14-laion2B-s32B-b82K", "laion/CLIP-ViT-L-14-laion2B-s32B-b82K", "LAION's CLIP ViT-L/14 on LAION-2B", 1710),
        Clip("CLIP-ViT-H-14-laion2B-s32B-b79K", "laion/CLIP-ViT-H-14-laion2B-s32B-b79K", "LAION's CLIP ViT-H/14 on LAION-2B", 3945),
        Clip("clip-vit-base-patch32-onnx", "Xenova/clip-vit-base-patch32", "CLIP ViT-B/32 as two ONNX graphs", 606),
        Clip("clip-vit-base-patch16-onnx", "Xenova/clip-vit-base-patch16", "CLIP ViT-B/16 as two ONNX graphs", 599),
        OpenAIFile("openai-vit-b-32", "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af", "ViT-B-32.pt", "ViT-B/32", 354),
        OpenAIFile("openai-vit-b-16", "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f", "ViT-B-16.pt", "ViT-B/16", 351),
        OpenAIFile("openai-vit-l-14", "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836", "ViT-L-14.pt", "ViT-L/14", 933),
        OpenAIFile("openai-vit-l-14-336", "3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02", "ViT-L-14-336px.pt",
            "ViT-L/14, 336 pixels", 934),
        new("blip-image-captioning-base", "BLIP", "Salesforce/blip-image-captioning-base", "BLIP that captions, ViT-B", 990 * Megabyte),
        new("blip-image-captioning-large", "BLIP", "Salesforce/blip-image-captioning-large", "BLIP that captions, ViT-L", 1880 * Megabyte),
        new("blip-itm-base-coco", "BLIP", "Salesforce/blip-itm-base-coco", "BLIP that matches images and texts, ViT-B", 895 * Megabyte),
        new("blip-itm-large-coco", "BLIP", "Salesforce/blip-itm-large-coco", "BLIP that matches images and texts, ViT-L", 1790 * Megabyte),
        BlipFile("blip-caption-base-original", "model_base_caption_capfilt_large.pth", "BLIP that captions, ViT-B, the authors' own file"),
        BlipFile("blip-caption-large-original", "model_large_caption.pth", "BLIP that captions, ViT-L, the authors' own file"),
        BlipFile("blip-retrieval-base-original", "model_base_retrieval_coco.pth", "BLIP for retrieval, ViT-B, the authors' own file"),
        BlipFile("blip-retrieval-large-original", "model_large_retrieval_coco.pth", "BLIP for retrieval, ViT-L, the authors' own file"),
        ClipCap("clipcap-conceptual", "14pXWwB4Zm82rsDdvbGguLfx9F8aM7ovT", "conceptual_weights.pt", "Conceptual Captions"),
        ClipCap("clipcap-coco", "1IdaBtMSvtyzF0ByVaBHtvM0JYSXRExRX", "coco_weights.pt", "COCO"),
    ];

    /// <summary>Finds a model by name or repository; null where there is none.</summary>
    internal static KnownModel? Find(string name) =>
        All.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? All.FirstOrDefault(model => model.Source.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static KnownModel Clip(string name, string repository, string description, long megabytes) =>
        new(name, "CLIP", repository, description, megabytes * Megabyte);

    // The address contains the SHA-256 of the file. All of OpenAI's models share one tokenizer.
    private static KnownModel OpenAIFile(string name, string sha256, string file, string model, long megabytes) =>
        new(name, "CLIP", $"{OpenAI}{sha256}/{file}", $"OpenAI's CLIP {model}, its own TorchScript file", megabytes * Megabyte, sha256,
            Tokenizer: "openai/clip-vit-base-patch32");

    private static KnownModel BlipFile(string name, string file, string description) => new(name, "BLIP", Blip + file, description);

    private static KnownModel ClipCap(string name, string id, string file, string data) => new(
        name, "ClipCap", Drive + id, $"ClipCap's MLP mapper and GPT-2, trained on {data}",
        ByHand: $"its authors keep '{file}' on Google Drive, which asks questions before a large download: open {Drive}{id} in a browser");
}

/// <summary>A public checkpoint with a short name.</summary>
/// <param name="Name">Its name, and the default name of its folder.</param>
/// <param name="Kind">CLIP, BLIP or ClipCap.</param>
/// <param name="Source">A repository of the hub, or the public address of a file.</param>
/// <param name="Description">Network and size, for a listing.</param>
/// <param name="Bytes">Approximate download in bytes; null = unknown until the server is asked.</param>
/// <param name="Sha256">SHA-256 of the file, for an address that contains it.</param>
/// <param name="Tokenizer">A repository of the hub with the tokenizer's files, for an address of weights only.</param>
/// <param name="ByHand">Why a program cannot fetch it, and where to find it; null = it can.</param>
public sealed record KnownModel(
    string Name, string Kind, string Source, string Description, long? Bytes = null, string? Sha256 = null, string? Tokenizer = null,
    string? ByHand = null)
{
    /// <summary>The branch that is fetched, at its present commit; null for an address.</summary>
    public string? Revision => IsAddress ? null : ModelFetch.DefaultRevision;

    /// <summary>The licence of the weights, as their authors name it (SPDX).</summary>
    public string Licence => Kind == "BLIP" ? "BSD-3-Clause" : "MIT";

    /// <summary>The languages whose texts it understands or writes (ISO 639-1).</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en"];

    /// <summary>Whether <see cref="Source"/> is the address of a file.</summary>
    internal bool IsAddress => Source.Contains("://", StringComparison.Ordinal);

    /// <summary>Name of the file at an address.</summary>
    internal string FileName => Source[(Source.LastIndexOf('/') + 1)..];

    /// <summary>Describes what is fetched, for a listing.</summary>
    public string Files => (ByHand, IsAddress) switch
    {
        (not null, _) => "",
        (_, true) => FileName + (Tokenizer is null ? "" : ", tokenizer"),
        _ => "weights, configuration, tokenizer, preprocessor",
    };
}
