using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Retrieval;
using VideoCaptionRetrieval.Torch.Backend;
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
/// ignored; FrameError, Text, where there is one. Rows of one VideoId are one video with all their captions; where they name different files or
/// parts, they are an <see cref="InvalidDataException"/>. The input is read once, and never for the frames of a column that FrameSampler made: they
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
    /// <exception cref="InvalidOperationException">The loss is not a number, or the checkpoints are of another training or version.</exception>
    /// <exception cref="NotSupportedException">The precision cannot be had here.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public MultiCaptionRetrievalTransformer Fit(IDataView input) => Fit(input, validation: null);

    /// <inheritdoc cref="Fit(IDataView)" />
    /// <param name="input">The videos to train on.</param>
    /// <param name="validation">
    /// Videos that are not trained on, with the same columns: after each epoch, each of their captions is a query for its video. As many frames are
    /// taken as in training; a frame column without a source must hold a multiple of them. Null = none, or a share of the input
    /// (<see cref="MultiCaptionRetrievalOptions.Validation"/>).
    /// </param>
    public MultiCaptionRetrievalTransformer Fit(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _environment.Register(nameof(MultiCaptionRetrievalTrainer)).Start("Fit");
        var columns = FindColumns(input);
        var encoder = Load();
        try
        {
            RequireSize(columns, encoder);
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
        ColumnShapes.Require(inputSchema, _options.Columns.Frames, NumberDataViewType.Byte, vector: true);
        ColumnShapes.RequireTexts(inputSchema, _options.Columns.Captions);
        return MultiCaptionRetrievalTransformer.AddOutputs(inputSchema);
    }

    private MultiCaptionRetrievalTransformer Train(
        IDataView input, IDataView? validation, TrainingColumns columns, TorchDualEncoder encoder, IChannel channel)
    {
        var options = Resolve(columns);
        var validationColumns = validation is null ? null : FindColumns(validation);
        if (validationColumns is not null)
        {
            RequireSize(validationColumns, encoder);
            RequireMultiple(validationColumns, options.FrameCount!.Value, "of the validation data ");
        }
        using var pool = CreatePool(columns, encoder);
        using var validationPool = CreatePool(validationColumns, encoder);
        var asked = (options.Validation.Queries ?? []).Select(query => VideoListing.Normalise(query.VideoId)).ToHashSet(StringComparer.Ordinal);
        // A video that queries are about needs no caption where it is not trained on.
        var isHeldOutByName = validation is null && options.Validation.Fraction == 0 && asked.Count > 0;
        var data = Read(input, columns, pool, channel, isHeldOutByName ? asked : []);
        data.RequireEnoughVideos();
        VideoSet? validationVideos = null;
        var videos = new VideoSet(data.Items, pool ?? columns.Source!.Source, options.FrameCount!.Value, options.Seed!.Value,
            LeaveOutUnreadable: columns.Source?.OnError == FrameErrorHandling.Report);
        if (validation is not null)
        {
            var items = ReadValidation(validation, validationColumns!, validationPool, channel, asked);
            validationVideos = videos with
            {
                Items = items,
                Source = validationPool ?? validationColumns!.Source!.Source,
                LeaveOutUnreadable = validationColumns!.Source?.OnError == FrameErrorHandling.Report,
            };
            WarnOfSharedFiles(videos, validationVideos, channel);
        }
        else if (options.Validation.Fraction > 0) (videos, validationVideos) = videos.Split(options.Validation.Fraction);
        else if (isHeldOutByName) (videos, validationVideos) = videos.Split(asked);
        var (summary, skipped) = Run(encoder, videos, validationVideos, options, channel);
        var retrieval = new RetrievalSettings(
            options.Columns.Frames, videos.FrameCount, options.Objective.FrameScoring);
        using (encoder)
        {
            var network = RetrievalNetwork.Trained(_environment, encoder.SaveForInference);
            return new(_environment, network, retrieval, [.. data.Skipped, .. skipped], summary);
        }
    }

    private (TrainingSummary Summary, IReadOnlyList<SkippedVideo> Skipped) Run(
        TorchDualEncoder encoder, VideoSet videos, VideoSet? validation, MultiCaptionRetrievalOptions options, IChannel channel)
    {
        using var loop = new TrainingLoop(encoder, _checkpoint, videos, validation, options);
        if (loop.WeightWarning is { } warning) channel.ReportWarning(warning);
        if (options.Objective.CaptionSampling == CaptionSampling.Concatenate) WarnOfCutCaptions(encoder, videos, channel);
        var chance = new ChanceLevelCheck(options, videos.Items.Count);
        var summary = loop.Run(progress =>
        {
            chance.Add(progress);
            Report(channel, progress);
        });
        foreach (var skipped in loop.Skipped) Warn(channel, skipped);
        foreach (var skipped in loop.SkippedValidation) channel.ReportWarning($"Video '{skipped.VideoId}' is left out of the validation: {skipped.Reason}");
        TrainingReport.Write(channel, summary, chance);
        return (summary, loop.Skipped);
    }

    /// <summary>Copies the options and fills in frame count and seed.</summary>
    private MultiCaptionRetrievalOptions Resolve(TrainingColumns columns)
    {
        var options = _options.Copy();
        options.FrameCount ??= columns.Frames.Count;
        options.Seed ??= _environment.Seed() ?? Random.Shared.Next();
        RequireMultiple(columns, options.FrameCount.Value, "");
        return options;
    }

    /// <summary>Checks that a column without a source, which is a pool, holds the same number of frames for each of a step's.</summary>
    private static void RequireMultiple(TrainingColumns columns, int frameCount, string whose)
    {
        if (columns.Source is not null || columns.Frames.Count % frameCount == 0) return;
        throw new ArgumentException($"Frame column '{columns.Frames.Column.Name}' {whose}holds {columns.Frames.Count} frames and has no source; "
            + $"expected a multiple of FrameCount, which is {frameCount}.");
    }

    private static void WarnOfSharedFiles(VideoSet videos, VideoSet validation, IChannel channel)
    {
        var trained = videos.Items.Select(item => item.File).ToHashSet(StringComparer.Ordinal);
        var shared = validation.Items.Where(item => trained.Contains(item.File)).ToList();
        if (shared.Count == 0) return;
        channel.ReportWarning($"{shared.Count} of {validation.Items.Count} validation videos are in files that are trained on too, such as "
            + $"'{shared[0].Clip.VideoId}': what is measured on them says nothing about unseen videos.");
    }

    private static void WarnOfCutCaptions(TorchDualEncoder encoder, VideoSet videos, IChannel channel)
    {
        var cut = videos.Items.Count(item => encoder.IsCut(item.JoinedCaptions));
        if (cut == 0) return;
        channel.ReportWarning($"The concatenated captions of {cut} of {videos.Items.Count} videos are longer than the text tower's context: what comes last is cut "
            + $"off. Keep fewer captions, or take {nameof(CaptionSampling)}.{nameof(CaptionSampling.All)}.");
    }

    private TrainingColumns FindColumns(IDataView view) =>
        TrainingColumns.Find(view.Schema, _options.Columns, withScores: _options.Objective.CaptionWeighting == CaptionWeighting.Score);

    private void RequireSize(TrainingColumns columns, TorchDualEncoder encoder) =>
        columns.Frames.RequireSize(encoder.FrameFormat.Size, $"checkpoint '{_checkpoint}'");

    /// <summary>A pool for the frames of a column that has no source; null for others.</summary>
    private static FramePool? CreatePool(TrainingColumns? columns, TorchDualEncoder encoder) =>
        columns is { Source: null } ? new(encoder.FrameFormat, columns.Frames.Count) : null;

    private TorchDualEncoder Load()
    {
        var checkpoint = CheckpointFormats.Require<DualEncoderCheckpoint>(_checkpoint, new(_options.ImageSize));
        return TorchNetworks.Load(checkpoint, TorchDevice.Choose(ComputeDevice.Choose(_environment)));
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
        if (!_options.Objective.ImageTextMatching || encoder is TorchBlipEncoder) return;
        throw new ArgumentException($"{nameof(TrainingObjectiveOptions.ImageTextMatching)} is true, and checkpoint '{_checkpoint}' is a CLIP, "
            + "which has no head for it; expected a BLIP checkpoint for retrieval, or false.");
    }

    private TrainingData Read(IDataView input, TrainingColumns columns, FramePool? pool, IChannel channel, HashSet<string> asked)
    {
        var data = TrainingData.Read(input, columns, pool, () => _environment.ThrowIfCancelled(_options.CancellationToken), asked);
        foreach (var skipped in data.Skipped) Warn(channel, skipped);
        return data;
    }

    private IReadOnlyList<TrainingItem> ReadValidation(
        IDataView validation, TrainingColumns columns, FramePool? pool, IChannel channel, HashSet<string> asked)
    {
        var items = Read(validation, columns, pool, channel, asked).Items;
        return items.Count > 0
            ? items
            : throw new ArgumentException("The validation data has no video with a caption and without an error.", nameof(validation));
    }

    private void Report(IChannel channel, TrainingProgress progress)
    {
        channel.Report(string.Create(CultureInfo.InvariantCulture, $"Epoch {progress.Epoch}, step {progress.Step} of "
            + $"{progress.Steps}: loss {progress.Loss:0.0000}, learning rate {progress.LearningRate:0.###e-0}, {progress.Elapsed.TotalSeconds:0} s, "
            + $"{progress.DataWait.TotalSeconds:0} of them waiting for frames"));
        _options.Progress?.Report(progress);
        _environment.ThrowIfCancelled(_options.CancellationToken);
    }

    private static void Warn(IChannel channel, SkippedVideo skipped) =>
        channel.ReportWarning($"Video '{skipped.VideoId}' is left out of the training: {skipped.Reason}");
}
