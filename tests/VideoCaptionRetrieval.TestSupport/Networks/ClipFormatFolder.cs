using System.IO.Compression;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.TestSupport.Networks;

/// <summary>One small network, written in every format. Its heads are 64 wide, as OpenAI's; nothing else of its two towers is equal.</summary>
internal sealed class ClipFormatFolder : IDisposable
{
    private static readonly ClipConfig Config = new(
        new(new(64, 96, 2, 1), VocabularySize: 517, ContextLength: 12),
        new(new(128, 160, 3, 2), ImageSize: 24, PatchSize: 8), ProjectionSize: 8);

    private readonly TinyClip _source;
    private readonly TorchSharp.DisposeScope _scope;

    internal ClipFormatFolder(ClipActivation activation = ClipActivation.QuickGelu)
    {
        TorchRuntime.EnsureLoaded();
        _scope = NewDisposeScope();
        _source = new(Config with
        {
            Text = Config.Text with { Tower = Config.Text.Tower with { Activation = activation } },
            Vision = Config.Vision with { Tower = Config.Vision.Tower with { Activation = activation } },
        });
        Weights = TorchWriter.Read(_source.File("model.safetensors"));
        Folder = _source.Sibling("other");
        Directory.CreateDirectory(Folder);
        foreach (var name in new[] { "vocab.json", "merges.txt" }) System.IO.File.Copy(_source.File(name), File(name));
    }

    /// <summary>The network in Hugging Face layout.</summary>
    internal string Original => _source.Folder;

    /// <summary>Where the format is written; the tokenizer is there already.</summary>
    internal string Folder { get; }

    /// <summary>Its tensors under Hugging Face's names.</summary>
    internal Dictionary<string, Tensor> Weights { get; }

    internal string File(string name) => Path.Combine(Folder, name);

    internal string Sibling(string name) => _source.Sibling(name);

    /// <summary>Writes the checkpoint.</summary>
    /// <returns>The file of weights.</returns>
    internal string Write(string format)
    {
        if (format.StartsWith("hf", StringComparison.Ordinal)) System.IO.File.Copy(_source.File("config.json"), File("config.json"));
        if (format.StartsWith("open_clip", StringComparison.Ordinal)) System.IO.File.WriteAllText(File("open_clip_config.json"), OpenClipJson().ToJsonString());
        switch (format)
        {
            case "hf-zip": TorchWriter.StateDict(File("pytorch_model.bin"), Weights); return File("pytorch_model.bin");
            case "hf-legacy": TorchWriter.Legacy(File("pytorch_model.bin"), Weights); return File("pytorch_model.bin");
            case "hf-safetensors-named-bin": TorchWeights.Write(File("pytorch_model.bin"), Weights); return File("pytorch_model.bin");
            case "hf-pickle-named-safetensors": TorchWriter.Legacy(File("model.safetensors"), Weights); return File("model.safetensors");
            case "hf-sharded": return Shards("model", "safetensors", TorchWeights.Write);
            case "hf-sharded-zip": return Shards("pytorch_model", "bin", (path, tensors) => TorchWriter.StateDict(path, tensors));
            case "open_clip-safetensors": TorchWeights.Write(File("open_clip_model.safetensors"), AsOpenAI()); return File("open_clip_model.safetensors");
            case "open_clip-zip": TorchWriter.StateDict(File("open_clip_pytorch_model.bin"), AsOpenAI()); return File("open_clip_pytorch_model.bin");
            case "open_clip-training": TorchWriter.StateDict(File("epoch_3.pt"), AsOpenAI(), "module.", "state_dict"); return File("epoch_3.pt");
            case "openai-script": TorchWriter.Script(File("ViT.pt"), AsOpenAI(buffers: true)); return File("ViT.pt");
            default: TorchWriter.StateDict(File("ViT.pt"), AsOpenAI()); return File("ViT.pt");
        }
    }

    internal JsonObject OpenClipJson() => new()
    {
        ["model_cfg"] = new JsonObject
        {
            ["embed_dim"] = Config.ProjectionSize,
            ["vision_cfg"] = new JsonObject { ["image_size"] = new JsonArray(24, 24), ["layers"] = 3, ["width"] = 128, ["patch_size"] = 8, ["mlp_ratio"] = 1.25 },
            ["text_cfg"] = new JsonObject { ["context_length"] = 12, ["vocab_size"] = 517, ["width"] = 64, ["heads"] = 1, ["layers"] = 2, ["mlp_ratio"] = 1.5 },
        },
        ["preprocess_cfg"] = new JsonObject { ["mean"] = new JsonArray(0.5, 0.25, 0.125), ["std"] = new JsonArray(0.5, 0.75, 0.25) },
    };

    /// <summary>Puts the tokenizer into OpenAI's file.</summary>
    internal void CompressTokenizer()
    {
        using (var file = new GZipStream(System.IO.File.Create(File("bpe_simple_vocab_16e6.txt.gz")), CompressionLevel.Optimal))
            file.Write(System.IO.File.ReadAllBytes(File("merges.txt")));
        System.IO.File.Delete(File("vocab.json"));
        System.IO.File.Delete(File("merges.txt"));
    }

    /// <summary>The tensors under OpenAI's names.</summary>
    internal Dictionary<string, Tensor> AsOpenAI(bool buffers = false)
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in Weights)
        {
            var layered = name.Replace("vision_model.encoder.layers.", "visual.transformer.resblocks.").Replace("text_model.encoder.layers.", "transformer.resblocks.")
                .Replace("layer_norm", "ln_").Replace("self_attn.out_proj", "attn.out_proj").Replace("fc1", "c_fc").Replace("fc2", "c_proj");
            if (layered.Contains("self_attn.q_proj"))
            {
                tensors[layered.Replace("self_attn.q_proj.", "attn.in_proj_")] = cat([tensor, Weights[name.Replace("q_proj", "k_proj")], Weights[name.Replace("q_proj", "v_proj")]], 0);
            }
            else if (layered.Contains("resblocks") && !layered.Contains("self_attn")) tensors[layered] = tensor;
            else if (!layered.Contains("self_attn")) tensors[Single(name)] = name.EndsWith("_projection.weight", StringComparison.Ordinal) ? tensor.t().contiguous() : tensor;
        }
        if (buffers)
            foreach (var (name, value) in new[] { ("input_resolution", 24L), ("context_length", 12L), ("vocab_size", 517L) }) tensors[name] = TorchSharp.torch.tensor(value);
        return tensors;
    }

    public void Dispose()
    {
        _scope.Dispose();
        _source.Dispose();
    }

    private static string Single(string name) => name switch
    {
        "logit_scale" => name,
        "visual_projection.weight" => "visual.proj",
        "text_projection.weight" => "text_projection",
        "text_model.embeddings.position_embedding.weight" => "positional_embedding",
        "vision_model.embeddings.position_embedding.weight" => "visual.positional_embedding",
        "vision_model.embeddings.patch_embedding.weight" => "visual.conv1.weight",
        _ => name.Replace("text_model.embeddings.", "").Replace("text_model.final_layer_norm", "ln_final").Replace("vision_model.embeddings.", "visual.")
            .Replace("vision_model.pre_layrnorm", "visual.ln_pre").Replace("vision_model.post_layernorm", "visual.ln_post"),
    };

    private string Shards(string name, string extension, Action<string, Dictionary<string, Tensor>> write)
    {
        var map = new JsonObject();
        foreach (var (part, index) in Weights.Chunk((Weights.Count / 3) + 1).Select((part, index) => (part, index)))
        {
            var shard = $"{name}-{index + 1:00000}-of-00003.{extension}";
            write(File(shard), part.ToDictionary());
            foreach (var (tensor, _) in part) map[tensor] = shard;
        }
        var path = File($"{name}.{extension}.index.json");
        System.IO.File.WriteAllText(path, new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
        return path;
    }
}
