namespace VideoCaptionRetrieval.TestSupport;

/// <summary>
/// The kinds of fixtures that tests read, and the options and answers that these tests know. A case that holds another one is a failure: what it
/// asks for would go untested in silence.
/// </summary>
public static class FixtureKinds
{
    /// <summary>What the tests of a kind know.</summary>
    /// <param name="Options">Names in "options".</param>
    /// <param name="Answers">Names in "answers", where these are an object.</param>
    public sealed record Known(string[] Options, string[] Answers);

    /// <summary>By kind.</summary>
    public static IReadOnlyDictionary<string, Known> Read { get; } = new Dictionary<string, Known>(StringComparer.Ordinal)
    {
        ["blip-caption"] = new(
            ["bos", "checkpoint", "checkpoint_image_size", "decodings", "heads_text", "heads_vision", "image_size", "pad", "patch_size",
            "prompt", "prompt_ids", "sep", "text_epsilon", "vision_epsilon"],
            []),
        ["blip-itm"] = new(
            ["checkpoint", "enc", "first_token", "heads_text", "heads_vision", "image_size", "k_test", "max_length", "patch_size",
            "text_epsilon", "vision_epsilon"],
            []),
        ["clip-embed"] = new([], []),
        ["clip-embed-interpolated"] = new(["interpolate_pos_encoding"], []),
        ["clip-onnx"] = new([], []),
        ["clipcap"] = new(
            ["beam_size", "checkpoint", "clip_dim", "clip_length", "entry_length", "eos_id", "gpt2_heads", "legacy_checkpoint", "mapper",
            "mapper_heads", "mapper_layers", "prefix_length", "stop_id", "stop_token", "temperature", "tokenizer", "top_p"],
            []),
        ["clipscore"] = new(["eps", "weight"], []),
        ["config-types"] = new([], []),
        ["files-caption"] = new(["max_length", "min_length", "num_beams"], []),
        ["files-embed"] = new([], []),
        ["mcqs"] = new(
            ["captionWeightTemperature", "captionWeighting", "eps", "logScale", "normaliseFramesBeforePooling", "pooling", "scale",
            "scaleSource", "tau"],
            []),
        ["metrics"] = new(
            ["confidence", "ks", "resamples", "tau", "tieRules"],
            ["interval", "intervalOther", "nan", "other", "paired", "system", "textToVideo", "videoToText"]),
        ["preprocess"] = new(["crop", "mean", "resample", "resize", "std"], []),
        ["sampling"] = new([], []),
        ["schedule"] = new(
            ["baseRate", "epochs", "firstStep", "kind", "per", "stepsPerEpoch", "totalSteps", "warmupRatio", "warmupSteps"],
            []),
        ["search"] = new(["eps", "normalisedStorage", "pooling", "tau", "top"], []),
        ["selection"] = new(
            ["minimumScore", "removeDuplicates"],
            ["middleFrame", "randomOfAll", "randomOfTopPerCaptioner", "topJoint", "topPerCaptioner"]),
        ["tokenizer-bert"] = new(["add_special_tokens", "do_lower_case"], []),
        ["tokenizer-clip"] = new(["context_length", "truncate"], []),
        ["tokenizer-gpt2"] = new(["add_prefix_space"], []),
        ["trajectory"] = new(
            ["betas", "chunk", "clipNorm", "eps", "frozenText", "learningRates", "lossReduction", "maxLogScale",
            "normaliseFramesBeforePooling", "optimizer", "pooling", "schedule", "steps", "tau", "trainScale", "warmupSteps",
            "weightDecay"],
            []),
        ["vitgpt2"] = new(["decodings", "eos", "pad", "start"], []),
    };
}
