using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval;

/// <summary>
/// A transformer that computes its columns for a window of rows at a time, by one call of a network for each window, when the first of its
/// values is asked for.
/// </summary>
/// <remarks>
/// The transformer may be used from several threads; its cursors share its networks. A cursor, and a PredictionEngine, belongs to
/// one thread at a time. PredictionEngine takes the same path with windows of one row; it disposes the model unless
/// <see cref="PredictionEngineOptions.OwnsTransformer"/> is false. Dispose a transformer when no cursor of it is in use.
/// </remarks>
public abstract class BatchedTransformer : ITransformer, IDisposable
{
    private readonly Lazy<IHost> _host;
    private bool _disposed;

    private protected BatchedTransformer(IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Environment = environment;
        _host = new(() => environment.Register(GetType().Name));
    }

    /// <inheritdoc />
    public bool IsRowToRowMapper => true;

    /// <summary>The environment, asked for device, seed and cancellation at the time of use.</summary>
    internal IHostEnvironment Environment { get; }

    /// <summary>
    /// Whether a set of parallel cursors may be created by splitting the source: useful where inputs are small and computations slow.
    /// </summary>
    internal virtual bool SplitsSource => false;

    /// <summary>What <see cref="Save"/> writes.</summary>
    private protected abstract ModelFormat SavedFormat { get; }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">An input column is missing or has another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new BoundTransform(this, inputSchema).OutputSchema;

    /// <inheritdoc />
    /// <remarks>Computes nothing yet: the returned view computes when its values are asked for.</remarks>
    /// <exception cref="ArgumentException">An input column is missing or has another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ThrowIfDisposed();
        return new BatchedDataView(new BoundTransform(this, input.Schema), input);
    }

    /// <inheritdoc />
    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) =>
        new BatchedRowMapper(new BoundTransform(this, inputSchema));

    /// <inheritdoc />
    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(new ModelWriter(ctx, SavedFormat));

    /// <summary>Disposes the networks that were opened.</summary>
    public void Dispose()
    {
        if (!_disposed) DisposeNetworks();
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    /// <summary>Fits an estimator that has nothing to learn: creates its transformer and checks that it can be applied to the input.</summary>
    /// <exception cref="ArgumentException">An input column is missing or has another type.</exception>
    internal static TTransformer CheckedOn<TTransformer>(IDataView input, Func<TTransformer> create) where TTransformer : BatchedTransformer
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = create();
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <summary>Binds the transformer to an input schema and checks it.</summary>
    internal abstract IReadOnlyList<BatchComputation> Bind(DataViewSchema input);

    internal void ThrowIfDisposed()
    {
        if (!_disposed) return;
        throw new ObjectDisposedException(GetType().Name,
            "The transformer is disposed. A PredictionEngine disposes its model unless PredictionEngineOptions.OwnsTransformer is false.");
    }

    /// <summary>Sends a line to MLContext.Log.</summary>
    internal void Log(string message)
    {
        using var channel = _host.Value.Start("Transform");
        channel.Report(message);
    }

    /// <summary>Sends a warning to MLContext.Log.</summary>
    public void LogWarning(string message)
    {
        using var channel = _host.Value.Start("Transform");
        channel.ReportWarning(message);
    }

    /// <summary>Writes what the loader reads.</summary>
    private protected abstract void Save(ModelWriter writer);

    /// <summary>Disposes what the transformer owns; called once.</summary>
    private protected virtual void DisposeNetworks() { }
}
