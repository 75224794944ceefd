using System.Text.Json;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Models.Gpt2;
using VideoCaptionRetrieval.Torch.ClipCap;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.TestSupport.Networks;

/// <summary>ClipCap checkpoints with random weights and a CLIP of their own; the vocabulary is GPT-2's 256 byte letters and some merges.</summary>
internal sealed class TinyClipCap : IDisposable
{
    private static readonly string[] Merges = ["t h", "th e", "d o", "do g", "Ġ a", "Ġ the"];
    private readonly TinyClip _clip = new();

    internal TinyClipCap(ClipCapMapperKind mapper, int seed = 3)
    {
        Folder = Path.Combine(Directory.CreateTempSubdirectory("clipcap").FullName, "model");
        var gpt2 = Path.Combine(Folder, "gpt2");
        Directory.CreateDirectory(gpt2);
        var words = WriteTokenizer(gpt2);
        var config = new Gpt2Config { VocabularySize = words, HiddenSize = 24, Layers = 2, Heads = 3, Positions = 80, IntermediateSize = 96 };
        File.WriteAllText(Path.Combine(gpt2, CheckpointFiles.Configuration),
            $$"""{"model_type":"gpt2","vocab_size":{{words}},"n_embd":24,"n_layer":2,"n_head":3,"n_positions":80}""");
        WriteWeights(config, mapper, seed);
    }

    internal string Folder { get; }

    /// <summary>The folder of the CLIP that it writes about.</summary>
    internal string Clip => _clip.Folder;

    internal string Weights => Path.Combine(Folder, "weights.safetensors");

    internal int FrameBytes => 3 * TinyClip.Config.Vision.ImageSize * TinyClip.Config.Vision.ImageSize;

    public void Dispose()
    {
        _clip.Dispose();
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    private static int WriteTokenizer(string folder)
    {
        var letters = Enumerable.Range(0, 256).Where(value => value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE).Select(value => (char)value).ToList();
        letters.AddRange(Enumerable.Range(256, 256 - letters.Count).Select(value => (char)value));
        var ids = new Dictionary<string, int>();
        foreach (var token in letters.Select(letter => $"{letter}").Concat(Merges.Select(merge => merge.Replace(" ", ""))).Append("<|endoftext|>"))
            ids.TryAdd(token, ids.Count);
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(ids));
        File.WriteAllLines(Path.Combine(folder, "merges.txt"), ["#version: 0.2", .. Merges]);
        return ids.Count;
    }

    private void WriteWeights(Gpt2Config config, ClipCapMapperKind mapper, int seed)
    {
        TorchRuntime.EnsureLoaded();
        using var noGradient = no_grad();
        var layout = new ClipCapLayout(mapper, TinyClip.Config.ProjectionSize, PrefixLength: 4, Hidden: 20, ClipLength: 3, Layers: 2, HasHead: true);
        using var model = new ClipCapModel(config, layout);
        var normal = new GaussianSampler((ulong)seed);
        foreach (var (name, parameter) in model.named_parameters().OrderBy(named => named.name, StringComparer.Ordinal))
        {
            if (parameter.dim() == 1 && name.EndsWith("weight", StringComparison.Ordinal)) nn.init.ones_(parameter);
            else normal.Fill(parameter, 0.7);       // wide enough that captions depend on the images
        }
        TorchWeights.Write(Weights, model.state_dict());
    }
}
