namespace VideoCaptionRetrieval.Models.Checkpoints.Formats;

/// <summary>
/// Finds the prefixes that programs put before every tensor of a network that they wrapped: DistributedDataParallel's 'module.', 'model.' of a
/// training framework, 'clip.' of a network with a CLIP inside.
/// </summary>
internal static class NamePrefix
{
    private static readonly string[] Wrappers = ["module.", "model.", "clip.", "_orig_mod."];

    /// <summary>Returns the prefix that all names share, of one wrapper or of several inside each other; empty where there is none.</summary>
    internal static string SharedBy(IEnumerable<string> names)
    {
        var all = names.ToList();
        var prefix = "";
        while (all.Count > 0 && Array.Find(Wrappers, wrapper => Share(all, prefix + wrapper)) is { } next) prefix += next;
        return prefix;
    }

    private static bool Share(List<string> names, string prefix) =>
        names.TrueForAll(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length);
}
