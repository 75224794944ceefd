using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Experiments;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr world prove: compares a fine-tuned CLIP with the frozen one in the closed world.</summary>
internal static class WorldProveCommand
{
    internal static Command Create(CommandHost host)
    {
        var output = CommonOptions.Output("The folder of results.json, report.md, results.csv, gains.svg, and with --full scaling.svg.", "DIR");
        var seeds = new Option<int[]>("--seeds")
        {
            Description = "Seeds of videos, sentences and fine-tuning; default 1,2,3.",
            HelpName = "N,N",
            CustomParser = Numbers,
        };
        var models = new Option<string>("--models")
        {
            Description = "A folder with clip, blip and clipcap; default VCR_MODELS, else models.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VCR_MODELS") ?? "models",
        };
        var remake = new Option<bool>("--remake") { Description = "Also train the image models from scratch for each seed." };
        var all = new Option<bool>("--full") { Description = "Run all conditions: controls, upper bound, ablations, fewer videos." };
        var train = CommonOptions.Whole("--train-videos", "Videos to train on.", ClosedWorldOptions.DefaultTrainVideos, minimum: 2);
        var test = CommonOptions.Whole("--test-videos", "Videos to test on.", ClosedWorldOptions.DefaultTestVideos, minimum: 2);
        var (work, results) = (CommonOptions.Work(), CommonOptions.Results());
        var gap = WorldCommand.Gap();
        var command = new Command("prove", "Fine-tune a CLIP on captions of unlabelled videos and compare it with the frozen one on unseen videos. "
            + "A seed takes about 5 minutes on 2 cores, 20 with --full; --remake adds 5.")
        {
            output, seeds, models, remake, all, train, test, gap, work, results,
        };
        return host.Handle(command, (parsed, context) => Run(context, parsed.GetRequiredValue(output), new()
        {
            Seeds = parsed.GetValue(seeds) is { Length: > 0 } given ? given : [1, 2, 3],
            ModelFolder = parsed.GetRequiredValue(models),
            Remake = parsed.GetValue(remake),
            AllConditions = parsed.GetValue(all),
            TrainVideos = parsed.GetValue(train),
            TestVideos = parsed.GetValue(test),
            Gap = parsed.GetValue(gap),
            WorkFolder = CommonOptions.WorkFolder(parsed.GetValue(work), parsed.GetRequiredValue(output)),
            ResultFolder = parsed.GetValue(results),
            Progress = new DirectProgress<string>(context.Report),
            CancellationToken = context.Cancellation,
        }));
    }

    private static int Run(CommandContext context, string output, ClosedWorldOptions options)
    {
        var summary = ClosedWorldExperiment.Run(output, options);
        context.Print(summary.Results, summary.Lines.Append($"{output}: report.md, results.json, results.csv, gains.svg{(options.AllConditions ? ", scaling.svg" : "")}"));
        return ExitCode.Done;
    }

    /// <summary>"1,2,3", or several values.</summary>
    private static int[] Numbers(ArgumentResult result)
    {
        var texts = result.Tokens.SelectMany(token => token.Value.Split(',')).ToList();
        var numbers = texts.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
        if (texts.Count == 0 || numbers.Any(number => number < 0) || numbers.Distinct().Count() < numbers.Length)
            result.AddError($"--seeds: found '{string.Join(',', texts)}', expected different whole numbers such as 1,2,3.");
        return numbers;
    }
}
