using System.Text.Json;
using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>The content of index.json. Replacing that file replaces the index.</summary>
internal sealed record IndexManifest
{
    internal const string FormatName = "video-caption-retrieval-index";
    internal const int CurrentVersion = 1;
    private const string PoolingName = "pooling", ProductsName = "kind of integer products";

    /// <summary>Always <see cref="FormatName"/>: tells an index from other folders.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>Version of the folder's layout.</summary>
    public int Version { get; init; } = CurrentVersion;

    public required int Dimension { get; init; }

    /// <summary>A <see cref="FramePooling"/>, as <see cref="SavedName"/> writes it: query-scoring, mean.</summary>
    public required string Pooling { get; init; }

    public required double Temperature { get; init; }

    public required bool NormaliseFrames { get; init; }

    public required int FrameCount { get; init; }

    public required string Model { get; init; }

    /// <summary>plain or precise, where embeddings were computed in 8 bits; else, and in indexes of 0.1, absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IntegerProducts { get; init; }

    /// <summary>The subfolder with the text encoder; null where the index has none.</summary>
    public required string? Text { get; init; }

    public required IReadOnlyList<SegmentEntry> Segments { get; init; }

    internal static IndexManifest From(IndexSettings settings, string? text, IReadOnlyList<SegmentEntry> segments) => new()
    {
        Dimension = settings.Dimension,
        Pooling = SavedName.Write(settings.Scoring.Pooling, PoolingName),
        Temperature = settings.Scoring.Temperature,
        NormaliseFrames = settings.Scoring.NormaliseFrames,
        FrameCount = settings.FrameCount,
        Model = settings.Model,
        IntegerProducts = settings.Products is { } products ? SavedName.Write(products, ProductsName) : null,
        Text = text,
        Segments = segments,
    };

    internal string ToJson() => JsonSerializer.Serialize(this, ManifestJson.Default.IndexManifest) + "\n";

    /// <summary>Reads and checks index.json.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">Its text.</param>
    internal static IndexManifest Parse(string path, string json)
    {
        try
        {
            CheckFormat(path, JsonSerializer.Deserialize(json, ManifestJson.Default.ManifestHeader));
            var manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.IndexManifest)!;
            foreach (var segment in manifest.Segments)
                if (!IndexFolder.IsSegmentName(segment.File))
                    throw CorruptIndex.Fault(path, $"the data file name '{segment.File}' is not one of an index.");
            if (manifest.Text is { } text && !IndexFolder.IsTextName(text))
                throw CorruptIndex.Fault(path, $"the text folder name '{text}' is not one of an index.");
            return manifest;
        }
        catch (JsonException exception)
        {
            throw CorruptIndex.Fault(path, $"this is no index description ({exception.Message}).", exception);
        }
    }

    /// <summary>Returns the settings, checked.</summary>
    internal IndexSettings ToSettings(string path)
    {
        try
        {
            var pooling = SavedName.Read<FramePooling>(Pooling, PoolingName);
            IntegerProducts? products = IntegerProducts is { } name ? SavedName.Read<IntegerProducts>(name, ProductsName) : null;
            var scoring = new FrameScoring { Pooling = pooling, Temperature = Temperature, NormaliseFrames = NormaliseFrames };
            var settings = new IndexSettings(Dimension, scoring, FrameCount, Model, products);
            settings.Validate();
            return settings;
        }
        catch (ArgumentException exception)
        {
            throw CorruptIndex.Fault(path, exception.Message, exception);
        }
    }

    private static void CheckFormat(string path, ManifestHeader? header)
    {
        if (header?.Format != FormatName)
        {
            throw new ModelFileException(path, $"the format is '{header?.Format}'; expected '{FormatName}'. "
                + "This folder is not an index of this library: choose another one.");
        }
        if (header.Version != CurrentVersion)
        {
            throw new ModelFileException(path,
                $"the index has layout version {header.Version}; this version of the library reads {CurrentVersion}. "
                + "Use the version of the library that wrote it, or build the index again.");
        }
    }
}

/// <summary>The part of index.json that every version has.</summary>
internal sealed record ManifestHeader(string? Format, int Version);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IndexManifest))]
[JsonSerializable(typeof(ManifestHeader))]
internal sealed partial class ManifestJson : JsonSerializerContext;

/// <summary>A data file as index.json lists it.</summary>
/// <param name="File">The file's name in the index folder.</param>
/// <param name="Videos">Videos in the file.</param>
/// <param name="Frames">Frames in the file.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Sha256">The file's SHA-256, lower-case hexadecimal.</param>
/// <param name="Removed">Rows of videos that were removed or replaced, ascending.</param>
internal sealed record SegmentEntry(string File, int Videos, long Frames, long Bytes, string Sha256, int[] Removed);
