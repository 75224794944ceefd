using System.Text.Json;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>
/// Contents of vcr-source.json beside the files: where they come from. Written before the first byte with complete = false, and last with true.
/// { "source", "endpoint", "revision", "commit", "complete", "files": [{ "name", "size", "sha256", "announced" }] }
/// </summary>
internal sealed record DownloadRecord(
    string Source, string? Endpoint, string? Revision, string? Commit, bool Complete, IReadOnlyList<DownloadRecord.Entry> Files)
{
    internal const string FileName = "vcr-source.json";

    private static readonly JsonSerializerOptions _style = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One file.</summary>
    /// <param name="Name">Its path below the folder.</param>
    /// <param name="Size">Bytes.</param>
    /// <param name="Sha256">SHA-256 of the complete file; null until then.</param>
    /// <param name="Announced">Identity of the content that the server announced.</param>
    internal sealed record Entry(string Name, long Size, string? Sha256, string Announced);

    /// <summary>Reads the record of a folder; null where there is none, or a damaged one.</summary>
    internal static DownloadRecord? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<DownloadRecord>(File.ReadAllBytes(path), _style) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this, _style));

    /// <summary>Finds the entry of a file; null where there is none.</summary>
    internal Entry? Find(string name) => Files?.FirstOrDefault(file => file.Name == name);
}
