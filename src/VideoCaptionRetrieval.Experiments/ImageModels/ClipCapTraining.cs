using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Models.Gpt2;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.ClipCap;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>A small ClipCap, trained on careful captions; the CLIP whose embeddings it reads stays as it is.</summary>
internal static class ClipCapTraining
{
    private const int PrefixLength = 4;

    /// <summary>Room for the published settings: a prefix and 67 tokens.</summary>
    private const int Positions = 80;

    private const int EmbeddedAtOnce = 128;

    /// <summary>Trains and writes the checkpoint, with a copy of its CLIP, as published ones have it.</summary>
    internal static void Run(ImageModelData data, string folder, string clip, TrainingStage stage)
    {
        var files = WordTokenizers.Gpt2(data.Words);
        var tokenizer = WordTokenizers.Load(files, Gpt2Tokenizer.Load);
        using var embeddings = Embed(clip, data.Careful.Images);
        var config = new Gpt2Config
        {
            VocabularySize = tokenizer.LargestId + 1,
            HiddenSize = NetworkShape.Width,
            IntermediateSize = NetworkShape.Hidden,
            Layers = NetworkShape.TextLayers,
            Heads = NetworkShape.Heads,
            Positions = Positions,
        };
        // The published mapper's hidden layer has half the size of the prefix.
        using var model = new ClipCapModel(config, new(ClipCapMapperKind.Mlp, (int)embeddings.shape[1], PrefixLength,
            Hidden: PrefixLength * NetworkShape.Width / 2, ClipLength: 0, Layers: 0, HasHead: false));
        StartingWeights.Fill(model, stage.Seed);
        Train(model, tokenizer, embeddings, data.Careful.Captions, stage);
        Write(folder, model, files, clip);
    }

    private static Tensor Embed(string clip, ImageSet images)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = ClipModel.Load(ClipCheckpoint.Open(clip));
        return cat([.. Enumerable.Range(0, images.Count).Chunk(EmbeddedAtOnce).Select(which =>
        {
            using var part = NewDisposeScope();
            return model.EncodeImages(PixelValues.Normalise(images, which)).MoveToOuterDisposeScope();
        })]).DetachFromDisposeScope();                                                                              // (N, D)
    }

    private static void Train(
        ClipCapModel model, Gpt2Tokenizer tokenizer, Tensor embeddings, IReadOnlyList<string> captions, TrainingStage stage)
    {
        var ids = captions.Select(caption => tokenizer.Encode(caption + ClipCapNetwork.FullStop)).ToList();
        stage.Run([.. model.parameters()], captions.Count, batch =>
        {
            // All but the last token, which is the full stop and never read.
            var inputs = CaptionBatch.Ids([.. batch.Select(i => ids[i].AsMemory()[..^1])], tokenizer.EndOfText);     // (B, T - 1)
            var prefix = model.Prefix(embeddings.index_select(0, tensor([.. batch.Select(i => (long)i)])));          // (B, P, C)
            return CaptionBatch.Loss(model.Logits(inputs, prefix), [.. batch.Select(i => ids[i].AsMemory())]);
        });
    }

    private static void Write(string folder, ClipCapModel model, Dictionary<string, byte[]> tokenizer, string clip) =>
        AtomicFolder.Write(folder, temporary =>
    {
        var copy = Directory.CreateDirectory(Path.Combine(temporary, ClipCapCheckpoint.ClipName)).FullName;
        foreach (var file in Directory.EnumerateFiles(clip)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        var gpt2 = Directory.CreateDirectory(Path.Combine(temporary, ClipCapCheckpoint.Gpt2Name)).FullName;
        foreach (var (name, content) in tokenizer) File.WriteAllBytes(Path.Combine(gpt2, name), content);
        File.WriteAllText(Path.Combine(gpt2, CheckpointFiles.Configuration),
            Configuration(model.Config).ToJsonString(new() { WriteIndented = true }) + "\n");
        TorchWeights.Write(Path.Combine(temporary, "weights.safetensors"), model.named_parameters()
            .Select(named => KeyValuePair.Create<string, Tensor>(named.name, named.parameter)));
    });

    private static JsonObject Configuration(Gpt2Config config) => new()
    {
        ["activation_function"] = "gelu_new",
        ["architectures"] = new JsonArray("GPT2LMHeadModel"),
        ["layer_norm_epsilon"] = config.LayerNormEpsilon,
        ["model_type"] = "gpt2",
        ["n_embd"] = config.HiddenSize,
        ["n_head"] = config.Heads,
        ["n_inner"] = config.IntermediateSize,
        ["n_layer"] = config.Layers,
        ["n_positions"] = config.Positions,
        ["vocab_size"] = config.VocabularySize,
    };
}
