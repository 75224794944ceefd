using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Clip;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Clip;

/// <summary>Checkpoints that do not fit together, and other networks.</summary>
public sealed class ClipCheckpointFaultTests : IDisposable
{
    private readonly ClipFormatFolder _clip = new();

    public void Dispose() => _clip.Dispose();

    [Theory]
    [InlineData("hf-zip", "shape", "tensor 'logit_scale' has shape [2]", "[]")]
    [InlineData("hf-zip", "type", "tensor 'logit_scale' has type Int64", "floating-point")]
    [InlineData("hf-zip", "missing", "tensor 'logit_scale' is missing", "the configuration asks for")]
    [InlineData("hf-zip", "extra", "tensor 'extra.weight' is not part", "configuration and weights")]
    [InlineData("openai-state", "shape", "tensor 'logit_scale' has shape [2]", "[]")]
    [InlineData("openai-state", "missing", "tensor 'logit_scale' is missing", "the configuration asks for")]
    [InlineData("openai-state", "extra", "tensor 'extra.weight' is not part", "configuration and weights")]
    public void Load_TensorsThatDoNotFit_NamesFileTensorAndExpectation(string format, string fault, string found, string expected)
    {
        switch (fault)
        {
            case "shape": _clip.Weights["logit_scale"] = ones(2); break;
            case "type": _clip.Weights["logit_scale"] = tensor(1L); break;
            case "missing": _clip.Weights.Remove("logit_scale"); break;
        }
        var file = _clip.Write(format);
        if (fault == "extra")
        {
            var tensors = new Dictionary<string, Tensor>(format == "hf-zip" ? _clip.Weights : _clip.AsOpenAI()) { ["extra.weight"] = ones(2) };
            File.Delete(file);
            TorchWriter.StateDict(file, tensors);
        }
        AssertFault(() => TorchClipEncoder.Load(_clip.Folder), file, found, expected);
    }

    [Theory]
    [InlineData("visual.conv1.weight", "expected 4 sizes")]
    [InlineData("visual.positional_embedding", "expected 2 sizes")]
    [InlineData("visual.proj", "expected a matrix")]
    [InlineData("transformer.resblocks.1.attn.in_proj_weight", "three projections")]
    public void Load_OpenAITensorOfWrongShape_NamesIt(string name, string expected)
    {
        var tensors = _clip.AsOpenAI();
        tensors[name] = ones(7);
        TorchWriter.StateDict(_clip.File("ViT.pt"), tensors);
        AssertFault(() => TorchClipEncoder.Load(_clip.Folder), _clip.File("ViT.pt"), $"tensor '{name}' has shape [7]", expected);
    }

    [Theory]
    [InlineData("model-00004-of-00003.safetensors", "does not exist", "names it as part of the weights")]
    [InlineData("../model.safetensors", "'../model.safetensors'", "a file beside it")]
    [InlineData("/etc/passwd", "'/etc/passwd'", "a file beside it")]
    [InlineData("", "''", "a file beside it")]
    [InlineData("model.safetensors.index.json", "an index itself", "names it as weights")]
    [InlineData("model-00003-of-00003.safetensors", "tensor 'logit_scale' is missing", "says that it is there")]
    public void Load_IndexThatNamesOtherFiles_Refused(string shard, string found, string expected)
    {
        var index = _clip.Write("hf-sharded");
        var json = JsonNode.Parse(File.ReadAllText(index))!;
        json["weight_map"]!["logit_scale"] = shard;
        File.WriteAllText(index, json.ToJsonString());
        var e = Assert.Throws<ModelFileException>(() => TorchClipEncoder.Load(_clip.Folder));
        Assert.StartsWith(_clip.Folder, e.Path);
        Assert.Contains(found, e.Message);
        Assert.Contains(expected, e.Message);
    }

    [Theory]
    [InlineData("config.json", """{"model_type": "siglip"}""", "'model_type' is 'siglip'", "sigmoid loss")]
    [InlineData("config.json", """{"model_type": "align"}""", "'model_type' is 'align'", "CLIP with a vision transformer")]
    [InlineData("config.json", """{"model_type": "blip"}""", "'model_type' is 'blip'", "CLIP with a vision transformer")]
    public void Open_OtherNetworkOfTransformers_SaysWhatItIs(string name, string json, string found, string expected)
    {
        _clip.Write("hf-zip");
        File.WriteAllText(_clip.File(name), json);
        AssertFault(() => ClipCheckpoint.Open(_clip.Folder), _clip.File(name), found, expected);
    }

    [Theory]
    [InlineData("multimodal_cfg", """{"layers": 2}""", "'model_cfg.multimodal_cfg'")]
    [InlineData("init_logit_bias", "-10", "'model_cfg.init_logit_bias' is '-10'")]
    [InlineData("vision_cfg.timm_model_name", "\"vit_base\"", "'model_cfg.vision_cfg.timm_model_name' is 'vit_base'")]
    [InlineData("vision_cfg.layers", "[3, 4, 6, 3]", "'model_cfg.vision_cfg.layers'")]
    [InlineData("vision_cfg.attentional_pool", "true", "'model_cfg.vision_cfg.attentional_pool'")]
    [InlineData("vision_cfg.pool_type", "\"avg\"", "'model_cfg.vision_cfg.pool_type' is 'avg'")]
    [InlineData("text_cfg.hf_model_name", "\"roberta-base\"", "'model_cfg.text_cfg.hf_model_name' is 'roberta-base'")]
    [InlineData("text_cfg.no_causal_mask", "true", "'model_cfg.text_cfg.no_causal_mask'")]
    public void Open_OtherNetworkOfOpenClip_SaysWhatItIs(string key, string value, string found)
    {
        _clip.Write("open_clip-zip");
        var json = _clip.OpenClipJson();
        var path = key.Split('.');
        var section = json["model_cfg"]!.AsObject();
        if (path.Length > 1) section = section[path[0]]!.AsObject();
        section[path[^1]] = JsonNode.Parse(value);
        File.WriteAllText(_clip.File("open_clip_config.json"), json.ToJsonString());
        AssertFault(() => ClipCheckpoint.Open(_clip.Folder), _clip.File("open_clip_config.json"), found, "only CLIP with a vision transformer");
    }

    [Fact]
    public void Open_ResNetOfOpenAI_SaysWhatItIs()
    {
        var tensors = new Dictionary<string, Tensor>(_clip.AsOpenAI()) { ["visual.layer1.0.conv1.weight"] = ones(1) };
        TorchWriter.Script(_clip.File("RN50.pt"), tensors);
        AssertFault(() => ClipCheckpoint.Open(_clip.Folder), _clip.File("RN50.pt"), "ResNet", "only CLIP with a vision transformer");
    }

    [Fact]
    public void Open_TensorsOfAnotherNetwork_ListsThem()
    {
        TorchWriter.StateDict(_clip.File("model.pth"), new Dictionary<string, Tensor> { ["visual_encoder.cls_token"] = ones(1) });
        AssertFault(() => ClipCheckpoint.Open(_clip.File("model.pth")), _clip.File("model.pth"), "'visual_encoder.cls_token'", "'vision_model.…'");
    }

    [Fact]
    public void Open_TrainingCheckpointWithoutConfiguration_AsksForIt()
    {
        var file = _clip.Write("open_clip-training");
        File.Delete(_clip.File("open_clip_config.json"));
        AssertFault(() => ClipCheckpoint.Open(file), _clip.File("open_clip_config.json"), "does not exist", file);
        AssertFault(() => ClipCheckpoint.Open(_clip.Folder), _clip.File("open_clip_config.json"), "does not exist", file);
    }

    [Fact]
    public void Open_WithoutTokenizer_NamesWhatMayBeThere()
    {
        _clip.Write("openai-state");
        File.Delete(_clip.File("vocab.json"));
        AssertFault(() => ClipCheckpoint.Open(_clip.Folder), _clip.Folder, "found 'ViT.pt', 'merges.txt'", "'bpe_simple_vocab_16e6.txt.gz'");
    }

    [Fact]
    public void Load_ConfigurationOfAGiant_RefusedBeforeMemoryIsTaken()
    {
        _clip.Write("hf-zip");
        var config = _clip.File("config.json");
        var sane = File.ReadAllText(config);
        File.WriteAllText(config, sane.Replace("\"hidden_size\": 64", "\"hidden_size\": 1000000"));
        AssertFault(() => TorchClipEncoder.Load(_clip.Folder), _clip.File("pytorch_model.bin"), "token_embedding.weight' has shape [517, 64]", "[517, 1000000]");
        File.WriteAllText(config, sane.Replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1000000"));
        AssertFault(() => TorchClipEncoder.Load(_clip.Folder), config, "num_hidden_layers' is '1000000'", "1 to 10000");
    }

    private static void AssertFault(Action act, string path, string found, string expected)
    {
        var e = Assert.Throws<ModelFileException>(act);
        Assert.Equal(path, e.Path);
        Assert.Contains(found, e.Message);
        Assert.Contains(expected, e.Message);
    }
}
