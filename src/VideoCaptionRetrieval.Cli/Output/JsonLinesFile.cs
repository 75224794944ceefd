using System.Text;
using System.Text.Json;

namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Writes a file of JSON lines under a temporary name; it gets its own name when it is complete.</summary>
internal static class JsonLinesFile
{
    internal static void Write(string path, IEnumerable<object> lines)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = new StreamWriter(temporary, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
                foreach (var line in lines) file.WriteLine(JsonSerializer.Serialize(line, CommandContext.JsonStyle));
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
