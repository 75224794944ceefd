using System.Text;
using System.Text.Json;

namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Files that commands write: under a temporary name until they are complete.</summary>
internal static class OutputFile
{
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

    /// <summary>Checks a file as <see cref="Check"/> does, and keeps other runs of the tool from writing it until the result is disposed.</summary>
    /// <exception cref="UserErrorException">It cannot be written, or another run is at it.</exception>
    internal static IDisposable Claim(string path, string option = "--out")
    {
        Check(path, option);
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{option}: another run writes '{path}' ('{path}.lock' is held). Wait for it, or give another name.");
        }
    }
}

/// <summary>A file of one JSON value a line that a command writes as it works: under a temporary name until it is complete.</summary>
internal sealed class JsonLinesFile : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly string _path, _temporary;
    private readonly StreamWriter _file;

    internal JsonLinesFile(string path)
    {
        (_path, _temporary) = (path, $"{path}.{Environment.ProcessId}.tmp");
        _file = new(_temporary, append: false, Utf8) { NewLine = "\n" };
    }

    /// <summary>Lines written so far.</summary>
    internal int Lines { get; private set; }

    internal void Write(object line)
    {
        _file.WriteLine(JsonSerializer.Serialize(line, CommandContext.JsonStyle));
        Lines++;
    }

    /// <summary>Gives the file its name, in place of one that is there.</summary>
    internal void Complete()
    {
        _file.Dispose();
        File.Move(_temporary, _path, overwrite: true);
    }

    /// <summary>Deletes what is not complete.</summary>
    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_temporary);
    }
}
