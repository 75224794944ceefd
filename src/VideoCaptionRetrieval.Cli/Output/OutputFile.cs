using System.Text;
using System.Text.Json;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Files that commands write: under a temporary name until they are complete.</summary>
internal static class OutputFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Makes the file's folder and sees, before long work starts, that the file can be written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="option">The option that named it, for messages.</param>
    /// <exception cref="UserErrorException">It cannot.</exception>
    internal static void Check(string path, string option = "--out")
    {
        if (path.Length == 0 || Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
            throw new UserErrorException($"{option}: '{path}' is a folder; expected the name of a file.");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var trial = new FileStream($"{path}.{Environment.ProcessId}.tmp", FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{option}: '{path}' cannot be written: {e.Message}");
        }
    }

    /// <summary>Writes one JSON value a line.</summary>
    internal static void WriteJsonLines(string path, IEnumerable<object> lines) => AtomicFile.Create(path, temporary =>
    {
        using var file = new StreamWriter(temporary, append: false, Utf8) { NewLine = "\n" };
        foreach (var line in lines) file.WriteLine(JsonSerializer.Serialize(line, CommandContext.JsonStyle));
    });
}
