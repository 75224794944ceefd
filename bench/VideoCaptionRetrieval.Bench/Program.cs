using VideoCaptionRetrieval.Bench;

// A verb a line; each prints tables of ratios that were taken in one run.
var verbs = new Dictionary<string, Action<string[]>>
{
    ["captioning"] = CaptioningBench.Run,      // [cpu|cuda [batch sizes [beams]]]
    ["frame-cache"] = FrameCacheBench.Run,    // a folder of videos
    ["frames"] = FramesBench.Run,              // a video, and a folder for the clips that are made of it
    ["precision"] = PrecisionBench.Run,       // [batch sizes, such as 1,8] [checkpoint folder]
    ["preprocess"] = _ => PreprocessBench.Run(),
    ["tokenizer"] = TokenizerBench.Run,       // [folder with vocab.json and merges.txt]
    ["towers"] = TowersBench.Run,             // [batch sizes, such as 1,8]
    ["training-memory"] = TrainingMemoryBench.Run, // [videos [chunk]]
    ["training-split"] = _ => TrainingSplitBench.Run(),
    ["training-step"] = TrainingStepBench.Run, // [cpu|cuda [videos [chunks]]]
};
if (args is not [var verb, ..] || !verbs.TryGetValue(verb, out var run))
{
    Console.Error.WriteLine($"Give one of: {string.Join(", ", verbs.Keys)}.");
    return 2;
}
Report.Machine();
run(args[1..]);
return 0;
