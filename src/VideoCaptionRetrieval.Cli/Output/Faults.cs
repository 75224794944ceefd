using System.Reflection;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Says faults for people.</summary>
internal static class Faults
{
    /// <summary>What libtorch appends to its messages: where in its source they were thrown, and its stack.</summary>
    private const string NativeTrace = "\nException raised from";

    /// <summary>The fault itself, without the wrappers that reflection, tasks and type initialisers put around it.</summary>
    internal static Exception Root(Exception fault) =>
        fault is TargetInvocationException or AggregateException or TypeInitializationException && fault.InnerException is { } inner
            ? Root(inner)
            : fault;

    /// <summary>One message, without names of parameters and stack traces; a fault that nobody foresaw says its type too.</summary>
    internal static string Message(Exception fault)
    {
        var root = Root(fault);
        var message = root is ArgumentException { ParamName: { Length: > 0 } name } ? root.Message.Split($" (Parameter '{name}')")[0] : root.Message;
        message = message.Split(NativeTrace)[0].TrimEnd();
        return IsForeseen(root) ? message : $"{root.GetType().Name}: {message} (--verbose prints where)";
    }

    private static bool IsForeseen(Exception fault) =>
        fault is UserErrorException or ModelFileException or VideoReadException or ArgumentException
        or InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException or DllNotFoundException or NotSupportedException;
}
