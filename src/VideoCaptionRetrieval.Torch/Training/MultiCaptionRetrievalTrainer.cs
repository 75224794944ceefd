using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Retrieval;
using VideoCaptionRetrieval.Torch;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Training;
using VideoCaptionRetrieval.Torch.Training.Data;
using VideoCaptionRetrieval.Torch.Training.Runs;

namespace VideoCaptionRetrieval;

/// <summary>
/// Fine-tunes a dual encoder, CLIP or BLIP, on videos and their captions with multi-caption query scoring: Ventura, Schmid, Varol, "Learning
/// text-to-video retrieval from image captioning", IJCV 2024 (https://arxiv.org/abs/2404.17498).
/// </summary>
/// <remarks>
/// Input columns: a frame column, vector of Byte [N, S, S, 3], whose S is the checkpoint's; captions, Text or vector of Text, blank ones
/// ignored; FrameError, Text, where there is one. The input is read once, and never for the frames of a column that FrameSampler made: they
/// are drawn from the videos themselves, others in each epoch. Rows with an error or without a caption are left out and listed.
/// Runs on the CPU, or on the GPU of MLContext.GpuDeviceId. Fit may be called from several threads; each call trains a model of its own.
/// </remarks>
public sealed class MultiCaptionRetrievalTrainer : IEstimator<MultiCaptionRetrievalTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly string _checkpoint;
    private readonly MultiCaptionRetrievalOptions _options;

    internal MultiCaptionRetrievalTrainer(IHostEnvironment environment, string checkpoint, MultiCaptionRetrievalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(checkpoint);
        options ??= new();
        options.Validate();
        (_environment, _checkpoint, _options) = (environment, checkpoint, options.Copy());
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">
    /// A column is missing or has another type; the frames are not of the size that the checkpoint takes; there are fewer than two videos.
    /// </exception>
    /// <exception cref="Models.ModelFileException">The checkpoint is missing or damaged.</exception>
    /// <exception cref="VideoReadException">A video cannot be read, and FrameSampler was not told to report errors.</exception>
    /// <exception cref="InvalidOperationException">The loss is not a number, or the checkpoints are of another training.</exception>
    /// <exception cref="NotSupportedException">The precision cannot be had here.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public MultiCaptionRetrievalTransformer Fit(IDataView input) => Fit(input, validation: null);

    /// <inheritdoc cref="Fit(IDataView)" />
    /// <param name="input">The videos to train on.</param>
    /// <param name="validation">
    /// Videos that are not trained on, with the same columns: after each epoch, each of their captions is a query for its video. Null = none,
    /// or a share of the input (<see cref="MultiCaptionRetrievalOptions.ValidationFraction"/>).
    /// </param>
    public MultiCaptionRetrievalTransformer Fit(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _environment.Register(nameof(MultiCaptionRetrievalTrainer)).Start("Fit");
        var columns = TrainingColumns.Find(input.Schema, _options);
        var encoder = Load();
        try
        {
            columns.Frames.RequireSize(encoder.FrameFormat.Size, $"checkpoint '{_checkpoint}'");
            RequirePrecision(encoder);
            RequireMatching(encoder);
            return Train(input, validation, columns, encoder, channel);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ColumnShapes.Require(inputSchema, _options.FramesColumnName, NumberDataViewType.Byte, vector: true);
        ColumnShapes.RequireTexts(inputSchema, _options.CaptionsColumnName);
        // A shape tells vectors from scalars, not their length, which the checkpoint knows.
        var vector = new VectorDataViewType(NumberDataViewType.Single, 1);
        return ColumnShapes.With(inputSchema,
        [
            new(MultiCaptionRetrievalTransformer.EmbeddingColumn, vector), new(MultiCaptionRetrievalTransformer.FrameEmbeddingsColumn, vector),
        ]);
    }

    private MultiCaptionRetrievalTransformer Train(
        IDataView input, IDataView? validation, TrainingColumns columns, TorchDualEncoder encoder, IChannel channel)
    {
        var frameCount = FrameCount(columns);
        using var pool = columns.Source is null ? new FramePool(encoder.FrameFormat, columns.Frames.Count) : null;
        var data = Read(input, columns, pool, channel);
        if (data.Items.Count < TrainingPlan.FewestVideos) throw RetrievalTrainingRun.TooFew(data.Items.Count, data.Skipped);
        var seed = _options.Seed ?? _environment.Seed() ?? Random.Shared.Next();
        var settings = new TrainingRunSettings(frameCount, seed, LeaveOutUnreadable: columns.Source?.OnError == FrameErrorHandling.Report, _checkpoint);
        var source = pool ?? columns.Source!.Source;
        using var otherPool = validation is not null && columns.Source is null ? new FramePool(encoder.FrameFormat, columns.Frames.Count) : null;
        var (items, held) = validation is not null
            ? (data.Items, Held(validation, encoder, otherPool, channel))
            : _options.ValidationFraction > 0 ? ValidationSet.Split(data.Items, source, _options.ValidationFraction, seed) : (data.Items, null);
        var run = new RetrievalTrainingRun(encoder, items, source, settings, _options, held);
        var losses = new LossWatch(_options, items.Count);
        var summary = run.Run(progress =>
        {
            losses.Add(progress);
            Report(channel, progress);
        });
        foreach (var skipped in run.Skipped) Warn(channel, skipped);
        TrainingReport.Tell(channel, summary, held, losses);
        var skippedVideos = data.Skipped.Concat(run.Skipped).ToList();
        var retrieval = new RetrievalSettings(_options.FramesColumnName, frameCount, _options.FrameScoring);
        using (encoder)
            return new(_environment, RetrievalNetwork.Trained(_environment, encoder.SaveForInference), retrieval, skippedVideos, summary);
    }

    private TorchDualEncoder Load()
    {
        var checkpoint = CheckpointFormats.Require<DualEncoderCheckpoint>(_checkpoint, new(_options.ImageSize));
        return TorchNetworks.Load(checkpoint, TorchDevice.Of(ComputeDevice.Choose(_environment)));
    }

    private void RequirePrecision(TorchDualEncoder encoder)
    {
        if (_options.Precision == TrainingPrecision.Full) return;
        Autocast.RequireSupported();
        if (_options.Precision == TrainingPrecision.Half && encoder.Device.type != TorchSharp.DeviceType.CUDA)
        {
            throw new NotSupportedException($"Precision is '{TrainingPrecision.Half}', and the training runs on the CPU; float16 needs a CUDA device "
                + $"(MLContext.GpuDeviceId). On a CPU take '{TrainingPrecision.BFloat16}' or '{TrainingPrecision.Full}'.");
        }
    }

    private void RequireMatching(TorchDualEncoder encoder)
    {
        if (!_options.ImageTextMatching || encoder is BlipEncoder) return;
        throw new ArgumentException($"{nameof(MultiCaptionRetrievalOptions.ImageTextMatching)} is true, and checkpoint '{_checkpoint}' is a CLIP, "
            + "which has no head for it; expected a BLIP checkpoint for retrieval, or false.");
    }

    private TrainingData Read(IDataView input, TrainingColumns columns, FramePool? pool, IChannel channel)
    {
        var data = TrainingData.Read(input, columns, pool, () => _environment.ThrowIfCancelled(_options.CancellationToken));
        foreach (var skipped in data.Skipped) Warn(channel, skipped);
        return data;
    }

    private ValidationSet Held(IDataView validation, TorchDualEncoder encoder, FramePool? pool, IChannel channel)
    {
        var columns = TrainingColumns.Find(validation.Schema, _options);
        columns.Frames.RequireSize(encoder.FrameFormat.Size, $"checkpoint '{_checkpoint}'");
        var data = Read(validation, columns, columns.Source is null ? pool : null, channel);
        return data.Items.Count > 0
            ? new(data.Items, columns.Source?.Source ?? pool!)
            : throw new ArgumentException("The validation data has no video with a caption and without an error.", nameof(validation));
    }

    private int FrameCount(TrainingColumns columns)
    {
        var count = _options.FrameCount ?? columns.Frames.Count;
        return columns.Source is not null || columns.Frames.Count % count == 0
            ? count
            : throw new ArgumentException($"Frame column '{_options.FramesColumnName}' holds {columns.Frames.Count} frames and has no source; "
                + $"expected a multiple of FrameCount, which is {count}.");
    }

    private void Report(IChannel channel, TrainingProgress progress)
    {
        channel.Report(string.Create(CultureInfo.InvariantCulture, $"Epoch {progress.Epoch}, step {progress.Step} of "
            + $"{progress.Steps}: loss {progress.Loss:0.0000}, learning rate {progress.LearningRate:0.###e-0}, {progress.Elapsed.TotalSeconds:0} s, "
            + $"{progress.Waited.TotalSeconds:0} of them waiting for frames"));
        _options.Progress?.Report(progress);
        _environment.ThrowIfCancelled(_options.CancellationToken);
    }

    private static void Warn(IChannel channel, SkippedVideo skipped) =>
        channel.ReportWarning($"Video '{skipped.VideoId}' is left out of the training: {skipped.Reason}");
}
