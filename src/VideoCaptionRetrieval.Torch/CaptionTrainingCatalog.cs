using Microsoft.ML.Data;
using VideoCaptionRetrieval;
using VideoCaptionRetrieval.Models;

namespace Microsoft.ML;

/// <summary>Adds the method as one pipeline to <c>mlContext.VideoRetrieval</c>.</summary>
public static class CaptionTrainingCatalog
{
    extension(VideoRetrievalCatalog catalog)
    {
        /// <summary>
        /// Creates the whole pipeline: sample frames, caption them, keep the best captions by CLIPScore, fine-tune on them. Networks that take
        /// frames of one form share a column.
        /// </summary>
        /// <remarks>
        /// The same four estimators can be appended by hand. Everything is checked here, before a video is read: options, and what lies in the
        /// folders of checkpoints. <c>model.GetModelFor(TransformerScope.Scoring)</c> is the fitted model without captioners and filter.
        /// </remarks>
        /// <param name="options">Checkpoints, captioners, and the options of each stage; they are copied.</param>
        /// <exception cref="ArgumentException">
        /// Options are out of range, or captions are to be scored and no CLIP is named for it; the message says which.
        /// </exception>
        /// <exception cref="ModelFileException">A checkpoint is missing, damaged, or of another kind.</exception>
        public EstimatorChain<MultiCaptionRetrievalTransformer> CreatePipeline(CaptionTrainingOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            options.Validate();
            var stages = new CaptionTrainingStages(catalog, options);
            return options.HasCaptioners
                ? stages.Sample().Append(stages.Caption(), TransformerScope.TrainTest).Append(stages.Select(), TransformerScope.TrainTest)
                    .Append(stages.Train())
                : stages.Sample().Append(stages.Train());
        }

        /// <summary>Creates the same pipeline without its trainer: the captions that it would train on, and their frames.</summary>
        /// <inheritdoc cref="CreatePipeline" path="/param|/exception"/>
        public EstimatorChain<ClipScoreFilterTransformer> CreateCaptionPipeline(CaptionTrainingOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            options.Validate();
            var stages = new CaptionTrainingStages(catalog, options);
            return stages.Sample().Append(stages.Caption()).Append(stages.Select());
        }
    }

    /// <summary>The four stages, each on the columns that the ones before it add.</summary>
    private sealed class CaptionTrainingStages
    {
        private readonly MLContext _mlContext;
        private readonly CaptionTrainingOptions _options;
        private readonly IReadOnlyDictionary<FrameFormat, FrameColumn> _columns;
        private readonly string _trainedFrames, _scoredFrames = "";
        private readonly IReadOnlyList<Captioner> _captioners = [];

        internal CaptionTrainingStages(VideoRetrievalCatalog catalog, CaptionTrainingOptions options)
        {
            (_mlContext, _options) = ((MLContext)catalog.Environment, options);
            var trained = options.OpenCheckpoint().FrameFormat;
            if (!options.HasCaptioners)
            {
                _columns = FrameColumn.Shared([trained], options.FrameCount);
                _trainedFrames = _columns[trained].Name;
                return;
            }
            var scored = options.OpenScoreClip().FrameFormat;
            var captioned = options.Captioning.Captioners.Select(captioner => captioner.ReadFrameFormat()).ToList();
            _columns = FrameColumn.Shared([trained, scored, .. captioned], options.FrameCount);
            (_trainedFrames, _scoredFrames) = (_columns[trained].Name, _columns[scored].Name);
            _captioners = [.. options.Captioning.Captioners.Zip(captioned, (captioner, format) => captioner.WithFrames(_columns[format].Name))];
        }

        internal EstimatorChain<FrameSamplerTransformer> Sample()
        {
            var sampling = _options.Sampling.Copy();
            sampling.Columns = [.. _columns.Values];
            sampling.CancellationToken = Either(sampling.CancellationToken);
            return new EstimatorChain<FrameSamplerTransformer>().Append(_mlContext.Transforms.SampleFrames(sampling));
        }

        internal ImageCaptioner Caption()
        {
            var captioning = _options.Captioning.Copy();
            captioning.Captioners = _captioners;
            captioning.CancellationToken = Either(captioning.CancellationToken);
            return _mlContext.Transforms.CaptionFrames(captioning);
        }

        internal ClipScoreFilter Select()
        {
            var selection = _options.Selection.Copy();
            selection.CaptionsColumnName = _options.Captioning.OutputColumnName;
            selection.FramesColumnName = _scoredFrames;
            selection.CheckpointFolder = _options.ScoreClip ?? _options.Checkpoint;
            selection.CancellationToken = Either(selection.CancellationToken);
            return _mlContext.Transforms.FilterCaptionsByClipScore(selection);
        }

        internal MultiCaptionRetrievalTrainer Train()
        {
            var training = _options.Training.Copy();
            training.Columns.Frames = _trainedFrames;
            if (_options.HasCaptioners) training.Columns.Captions = _options.Captioning.OutputColumnName;
            training.CancellationToken = Either(training.CancellationToken);
            return _mlContext.VideoRetrieval.Trainers.MultiCaption(_options.Checkpoint, training);
        }

        private CancellationToken Either(CancellationToken own) => _options.CancellationToken.CanBeCanceled ? _options.CancellationToken : own;
    }
}
