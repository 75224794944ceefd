using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Interop;

/// <summary>Reads what ML.NET's environment keeps internal: seed, device, cancellation.</summary>
public static class ComponentEnvironment
{
    /// <summary>Returns the environment behind a catalog.</summary>
    internal static IHostEnvironment GetEnvironment(this TransformsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return CatalogUtils.GetEnvironment(catalog);
    }

    /// <inheritdoc cref="GetEnvironment(TransformsCatalog)" />
    internal static IHostEnvironment GetEnvironment(this DataOperationsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return CatalogUtils.GetEnvironment(catalog);
    }

    /// <summary>Returns the seed of <c>new MLContext(seed)</c>; null = none.</summary>
    public static int? Seed(this IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>Returns MLContext.GpuDeviceId; null = the CPU.</summary>
    internal static int? GpuDeviceId(this IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.GpuDeviceId;

    /// <summary>Returns MLContext.FallbackToCpu.</summary>
    internal static bool FallbackToCpu(this IHostEnvironment environment) =>
        (environment as IHostEnvironmentInternal)?.FallbackToCpu ?? true;

    /// <summary>Throws where the host or <paramref name="cancellationToken"/> is cancelled.</summary>
    /// <exception cref="OperationCanceledException">One of them is cancelled.</exception>
    public static void ThrowIfCancelled(this IHostEnvironment environment, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        environment.CheckAlive();
    }

    /// <summary>Sends a line to MLContext.Log.</summary>
    public static void Report(this IChannel channel, string message) => channel.Info(MessageSensitivity.None, "{0}", message);

    /// <summary>Sends a warning to MLContext.Log.</summary>
    public static void ReportWarning(this IChannel channel, string message) => channel.Warning(MessageSensitivity.None, "{0}", message);
}

/// <summary>Chooses the device of a network by MLContext.GpuDeviceId and MLContext.FallbackToCpu.</summary>
public static class ComputeDevice
{
    /// <summary>Returns the requested device; opening a network shows whether it is available.</summary>
    public static InferenceDevice Choose(IHostEnvironment environment) =>
        new(environment.GpuDeviceId(), environment.FallbackToCpu());
}

/// <summary>Splits cursors by ML.NET's own splitter.</summary>
internal static class ParallelCursors
{
    /// <summary>
    /// Splits a cursor into <paramref name="count"/> cursors for as many threads; rows keep their batch numbers, by which ML.NET restores
    /// their order. Returns the given cursor alone where its columns cannot be copied between threads.
    /// </summary>
    internal static DataViewRowCursor[] Split(IHostEnvironment environment, DataViewRowCursor cursor, int count) =>
        DataViewUtils.CreateSplitCursors(environment, cursor, count);
}
