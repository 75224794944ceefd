using System.Globalization;
namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>What /proc says of the children of a process.</summary>
internal static class ChildProcesses
{
    internal static bool CanBeSeen => Directory.Exists("/proc/self");

    /// <summary>The children, zombies too, by their ids.</summary>
    internal static IReadOnlyDictionary<int, string> Of(int parent) => !CanBeSeen ? new Dictionary<int, string>() : Directory.GetDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0)
        .Select(id => (Id: id, Stat: Read(id, "stat"))).Where(process => Parent(process.Stat) == parent).ToDictionary(process => process.Id, process => process.Stat);

    /// <summary>Whether a process is there and no zombie.</summary>
    internal static bool IsAlive(int id) => Read(id, "stat") is { Length: > 0 } stat && Fields(stat)[0] != "Z";

    /// <summary>The most memory that a process has had in RAM so far, in bytes; 0 where it is gone.</summary>
    internal static long PeakMemory(int id) =>
        Read(id, "status").Split('\n').FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line
            ? 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) : 0;

    private static int Parent(string stat) => Fields(stat) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : -1;

    /// <summary>The fields behind the name, which may hold spaces: state, parent …</summary>
    private static string[] Fields(string stat) => stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
