using System.Runtime.ExceptionServices;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>
/// Trains the small starting models: a CLIP, a ClipCap that reads that CLIP, a BLIP captioner, and a BLIP for retrieval that starts from the
/// captioner's eye, and writes them in the layouts of the published checkpoints.
/// </summary>
internal static class ImageModelTraining
{
    internal const string Clip = "clip", Blip = "blip", ClipCap = "clipcap", BlipRetrieval = "blip-retrieval";

    /// <summary>
    /// Makes clip/, clipcap/, blip/ and blip-retrieval/ in the folder, each complete or not at all; what is there already stays, so that an interrupted run
    /// goes on. The folder is for one set of data and options. Those of CLIP and of BLIP are trained side by side, on one thread each: the same seed
    /// gives the same bits, however many cores there are.
    /// </summary>
    /// <param name="data">What they learn from.</param>
    /// <param name="folder">Made if it is not there.</param>
    /// <param name="options">How long, and the seed.</param>
    /// <param name="progress">Told from two threads.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <exception cref="ArgumentException">Data or options are not valid; the message lists everything that was found.</exception>
    internal static void Run(ImageModelData data, string folder, ImageModelOptions options, IProgress<ImageModelProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ImageModelChecks.Require(data, options);
        Directory.CreateDirectory(folder);
        TorchRuntime.EnsureLoaded();
        var (clip, clipCap) = (Path.Combine(folder, Clip), Path.Combine(folder, ClipCap));
        var (blip, retrieval) = (Path.Combine(folder, Blip), Path.Combine(folder, BlipRetrieval));
        Func<string, StageOptions, TrainingStage> Stages(CancellationToken token) =>
            (name, stage) => new(name, stage, options.Seed, progress, token);
        SideBySide(cancellationToken, token =>
        {
            Make(clip, eye => ClipTraining.Run(data, clip, eye, Stages(token), options));
            if (!Directory.Exists(clipCap)) ClipCapTraining.Run(data, clipCap, clip, Stages(token)(ClipCap, options.ClipCap));
        }, token =>
        {
            Make(blip, eye => BlipTraining.Run(data, blip, eye, Stages(token), options));
            if (!Directory.Exists(retrieval)) BlipRetrievalTraining.Run(data, retrieval, blip, Stages(token), options);
        });
    }

    /// <summary>Trains a model with an eye, whose file is kept until the model is there.</summary>
    private static void Make(string model, Action<string> train)
    {
        var eye = model + ".eye.safetensors";
        if (!Directory.Exists(model)) train(eye);
        File.Delete(eye);
    }

    /// <summary>Runs both, on threads of their own; the failure of one ends the other.</summary>
    private static void SideBySide(CancellationToken cancellationToken, params Action<CancellationToken>[] work)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var threads = get_num_threads();
        try
        {
            Exception? first = null;
            var tasks = work.Select(part => Task.Factory.StartNew(() =>
            {
                try
                {
                    set_num_threads(1);     // libtorch keeps it for each thread, and for threads to come
                    part(stop.Token);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref first, e, null);
                    stop.Cancel();
                }
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            Task.WaitAll(tasks, CancellationToken.None);
            if (first is not null) ExceptionDispatchInfo.Throw(first);
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
