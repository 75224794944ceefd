using Microsoft.Build.Framework;

namespace VideoCaptionRetrieval.Build;

/// <summary>MSBuild task: writes copies of reference assemblies whose internal types and members are public.</summary>
public sealed class PublicizeTask : Microsoft.Build.Utilities.Task
{
    /// <summary>The assemblies to read.</summary>
    [Required]
    public ITaskItem[] Sources { get; set; } = [];

    /// <summary>The files to write, one for each source, in the same order.</summary>
    [Required]
    public ITaskItem[] Destinations { get; set; } = [];

    /// <inheritdoc />
    public override bool Execute()
    {
        foreach (var (source, destination) in Sources.Zip(Destinations))
        {
            var target = destination.GetMetadata("FullPath");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var temporary = $"{target}.{Environment.ProcessId}.tmp";
            File.WriteAllBytes(temporary, AccessPatcher.MakePublic(File.ReadAllBytes(source.GetMetadata("FullPath"))));
            File.Move(temporary, target, overwrite: true);
        }
        return true;
    }
}
