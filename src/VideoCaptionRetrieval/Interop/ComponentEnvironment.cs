using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Interop;

/// <summary>What ML.NET's environment holds and does not show: seed, device, cancellation.</summary>
internal static class ComponentEnvironment
{
    /// <summary>The environment behind a catalog.</summary>
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

    /// <summary>The seed of <c>new MLContext(seed)</c>, if there is one.</summary>
    internal static int? Seed(this IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>MLContext.GpuDeviceId; null means the CPU.</summary>
    internal static int? GpuDeviceId(this IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.GpuDeviceId;

    /// <summary>MLContext.FallbackToCpu.</summary>
    internal static bool FallbackToCpu(this IHostEnvironment environment) =>
        (environment as IHostEnvironmentInternal)?.FallbackToCpu ?? true;

    /// <summary>Throws where the host is asked to stop, or <paramref name="cancellationToken"/> is.</summary>
    /// <exception cref="OperationCanceledException">The work is to end.</exception>
    internal static void ThrowIfCancelled(this IHostEnvironment environment, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        environment.CheckAlive();
    }

    /// <summary>Sends a line to MLContext.Log.</summary>
    internal static void Report(this IChannel channel, string message) => channel.Info(MessageSensitivity.None, "{0}", message);

    /// <summary>Sends a warning to MLContext.Log.</summary>
    internal static void ReportWarning(this IChannel channel, string message) => channel.Warning(MessageSensitivity.None, "{0}", message);
}

/// <summary>Chooses the device of a network by MLContext.GpuDeviceId and MLContext.FallbackToCpu.</summary>
internal static class ComputeDevice
{
    /// <summary>The GPU that was asked for; whether it can be had is seen when a network is opened.</summary>
    internal static InferenceDevice Of(IHostEnvironment environment) =>
        new(environment.GpuDeviceId(), environment.FallbackToCpu());
}

/// <summary>Access to ML.NET's splitter of cursors.</summary>
internal static class ParallelCursors
{
    /// <summary>
    /// Splits a cursor into <paramref name="count"/> cursors for as many threads; the rows keep their batch numbers, by which ML.NET
    /// puts them into order again. The given cursor alone comes back where its columns cannot be copied between threads.
    /// </summary>
    internal static DataViewRowCursor[] Split(IHostEnvironment environment, DataViewRowCursor cursor, int count) =>
        DataViewUtils.CreateSplitCursors(environment, cursor, count);
}
