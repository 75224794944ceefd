using System.Runtime.CompilerServices;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>Gives each test process a per-user cache of its own: what tests fetch and unpack reaches neither the user's nor another process's.</summary>
internal static class OwnCache
{
    private const string Variable = "VCR_CACHE";

    [ModuleInitializer]
    internal static void Create()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 }) return;
        var folder = Directory.CreateTempSubdirectory("vcr-cache-").FullName;
        Environment.SetEnvironmentVariable(Variable, folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(folder);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A file of it is still in use; the system's temporary folder is emptied by others.
        }
    }
}
