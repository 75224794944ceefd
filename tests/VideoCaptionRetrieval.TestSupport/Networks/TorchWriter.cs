using System.IO.Compression;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.TestSupport.Networks;

/// <summary>Writes checkpoints in PyTorch's formats.</summary>
internal static class TorchWriter
{
    private static readonly Dictionary<ScalarType, string> Storages = new()
    {
        [ScalarType.Float32] = "FloatStorage",
        [ScalarType.Float16] = "HalfStorage",
        [ScalarType.BFloat16] = "BFloat16Storage",
        [ScalarType.Float64] = "DoubleStorage",
        [ScalarType.Int64] = "LongStorage",
    };

    /// <summary>Writes an archive of stored entries below 'archive/'.</summary>
    internal static void Archive(string path, byte[] pickle, params (string Name, byte[] Content)[] entries) =>
        Zip(path, CompressionLevel.NoCompression, [("archive/data.pkl", pickle), .. entries.Select(entry => ($"archive/{entry.Name}", entry.Content))]);

    internal static void Zip(string path, CompressionLevel level, params IEnumerable<(string Name, byte[] Content)> entries)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            using var stream = zip.CreateEntry(name, level).Open();
            stream.Write(content);
        }
    }

    /// <summary>Writes a state dict as a zip.</summary>
    internal static void StateDict(string path, IReadOnlyDictionary<string, Tensor> tensors, string prefix = "", string? wrapper = null)
    {
        var named = tensors.ToList();
        Archive(path, PickleWriter.Of(pickle => Root(pickle, named, prefix, wrapper)),
            [.. named.Select((tensor, index) => ($"data/{index}", Bytes(tensor.Value))), ("byteorder", "little"u8.ToArray())]);
    }

    /// <summary>Writes a TorchScript archive: a module with a module for each part of a name.</summary>
    internal static void Script(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var named = tensors.Select((tensor, index) => (Path: tensor.Key.Split('.'), tensor.Value, Key: $"{index}")).ToList();
        Archive(path, PickleWriter.Of(pickle => Module(pickle, named, depth: 0)),
            [.. named.Select(tensor => ($"data/{tensor.Key}", Bytes(tensor.Value))), ("constants.pkl", PickleWriter.Of(pickle => pickle.Op(')')))]);
    }

    /// <summary>Writes a state dict as PyTorch did before 1.6.</summary>
    internal static void Legacy(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var named = tensors.ToList();
        using var file = File.Create(path);
        foreach (var part in LegacyHead()) file.Write(part);
        file.Write(PickleWriter.Of(pickle => Root(pickle, named, "", null)));
        file.Write(PickleWriter.Of(pickle =>
        {
            pickle.Op(']').Op('(');
            for (var i = 0; i < named.Count; i++) pickle.Text($"{i}");
            pickle.Op('e');
        }));
        foreach (var (_, tensor) in named)
        {
            file.Write(BitConverter.GetBytes(tensor.numel()));
            file.Write(Bytes(tensor));
        }
    }

    /// <summary>Magic number, protocol, and what the machine was.</summary>
    internal static IEnumerable<byte[]> LegacyHead(bool littleEndian = true) =>
    [
        PickleWriter.Of(pickle => pickle.Op(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)),
        PickleWriter.Of(pickle => pickle.Number(1001)),
        PickleWriter.Of(pickle => pickle.Op('}').Text("little_endian").Op(littleEndian ? (byte)0x88 : (byte)0x89).Op('s')),
    ];

    private static void Root(PickleWriter pickle, List<KeyValuePair<string, Tensor>> named, string prefix, string? wrapper)
    {
        if (wrapper is not null) pickle.Op('}').Text("epoch").Number(3).Op('s').Text(wrapper);
        pickle.Global("collections", "OrderedDict").Op(')').Op('R').Op('(');
        for (var i = 0; i < named.Count; i++) Write(pickle.Text(prefix + named[i].Key), named[i].Value, $"{i}");
        pickle.Op('u').Op('}').Text("_metadata").Op('}').Op('s').Op('b');
        if (wrapper is not null) pickle.Op('s');
    }

    private static void Module(PickleWriter pickle, List<(string[] Path, Tensor Value, string Key)> tensors, int depth)
    {
        pickle.Global("__torch__.some", "Module").Op(')').Op(0x81).Op('}').Op('(');
        foreach (var group in tensors.GroupBy(tensor => tensor.Path[depth]))
        {
            pickle.Text(group.Key);
            if (group.First() is var only && only.Path.Length == depth + 1) Write(pickle, only.Value, only.Key);
            else Module(pickle, [.. group], depth + 1);
        }
        pickle.Text("training").Op(0x89).Op('u').Op('b');
    }

    private static void Write(PickleWriter pickle, Tensor tensor, string key) =>
        pickle.Tensor(key, Storages[tensor.dtype], tensor.numel(), 0, tensor.shape, tensor.contiguous().stride());

    private static byte[] Bytes(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.detach().contiguous().bytes.ToArray();

    internal static Dictionary<string, Tensor> Read(string safetensors)
    {
        using var file = new SafetensorsFile(safetensors);
        return file.Entries.Keys.ToDictionary(name => name, name => file.Read(name));
    }
}
