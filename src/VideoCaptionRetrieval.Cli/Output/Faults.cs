using System.Reflection;
using System.Text.RegularExpressions;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Says faults for people.</summary>
internal static partial class Faults
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
        var message = ForProgrammers().Replace(root.Message.Split(NativeTrace)[0], "").TrimEnd();
        return IsForeseen(root) ? WithFolder(message) : $"{root.GetType().Name}: {message} (--verbose prints where)";
    }

    /// <summary>What .NET appends to its messages that names the code, not the input.</summary>
    [GeneratedRegex(@" \(Parameter '[^']*'\)| in this mode\. Change the reader options(?=\.)")]
    private static partial Regex ForProgrammers();

    /// <summary>A relative path that leads nowhere was meant from another folder: names the one that it counts from.</summary>
    private static string WithFolder(string message) =>
        message.Contains("does not exist", StringComparison.Ordinal) && !message.Contains("working directory", StringComparison.Ordinal)
            && message.Split('\'') is [_, { Length: > 0 } path, ..] && !Path.IsPathRooted(path)
            ? $"{message.TrimEnd('.')} (working directory '{Directory.GetCurrentDirectory()}')."
            : message;

    private static bool IsForeseen(Exception fault) =>
        fault is UserErrorException or ModelFileException or VideoReadException or ArgumentException
        or InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException or DllNotFoundException or NotSupportedException;
}
