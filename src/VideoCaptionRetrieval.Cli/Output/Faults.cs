using System.Reflection;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Says faults for people.</summary>
internal static class Faults
{
    /// <summary>The fault itself, without the wrappers that reflection, tasks and type initialisers put around it.</summary>
    internal static Exception Root(Exception fault) =>
        fault is TargetInvocationException or AggregateException or TypeInitializationException && fault.InnerException is { } inner
            ? Root(inner)
            : fault;

    /// <summary>One message; a fault that is not one of ours says its type too.</summary>
    internal static string Message(Exception fault)
    {
        var root = Root(fault);
        return root is UserErrorException or ModelFileException or VideoReadException or ArgumentException or InvalidOperationException
            or IOException or UnauthorizedAccessException or DllNotFoundException or NotSupportedException
            ? root.Message
            : $"{root.GetType().Name}: {root.Message} (--verbose prints where)";
    }
}
