using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

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
