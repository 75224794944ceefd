using System.Text;

namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>
/// Reads PyTorch's zip format (1.6 and later) and TorchScript: NAME/data.pkl is the object, NAME/data/KEY its storages, NAME/byteorder the
/// byte order, NAME/constants.pkl marks TorchScript. The caller owns and disposes it.
/// </summary>
internal sealed class TorchZip : ITensorStorage, IDisposable
{
    private const string Object = "/data.pkl";
    private const int SmallEntry = 64;

    private readonly string _path, _root;
    private readonly ZipDirectory _zip;

    /// <exception cref="ModelFileException">The zip is damaged, or no archive of PyTorch.</exception>
    internal TorchZip(string path)
    {
        (_path, _zip, _root) = (path, new(path), "");
        try
        {
            _root = FindRoot();
            CheckByteOrder();
        }
        catch
        {
            _zip.Dispose();
            throw;
        }
    }

    /// <summary>Whether it is a TorchScript archive.</summary>
    internal bool Scripted => _zip.Items.ContainsKey($"{_root}/constants.pkl");

    /// <summary>Unpickles the saved object.</summary>
    /// <exception cref="ModelFileException">It is damaged, or not only tensors.</exception>
    internal object? ReadObject()
    {
        var pickle = _zip.Read(_zip.Items[_root + Object], PickleBudget.MaximumBytes);
        return new Unpickler(_path, new(_path, pickle), Scripted).Read();
    }

    /// <inheritdoc/>
    public (long Offset, long Length) Find(string key, string tensor)
    {
        if (!_zip.Items.TryGetValue($"{_root}/data/{key}", out var item))
            throw new ModelFileException(_path,
                $"tensor '{tensor}' lies in storage '{key}', but the zip has no entry '{_root}/data/{key}'.");
        if (!item.IsStored)
        {
            throw new ModelFileException(_path,
                $"tensor '{tensor}' lies in the zip's entry '{item.Name}', which is compressed; PyTorch stores tensors "
                + "as they are. Save the checkpoint again with torch.save.");
        }
        return (_zip.Locate(item), item.Size);
    }

    public void Dispose() => _zip.Dispose();

    private string FindRoot()
    {
        var objects = _zip.Items.Keys
            .Where(name => name.EndsWith(Object, StringComparison.Ordinal) && name.IndexOf('/', StringComparison.Ordinal) == name.Length - Object.Length).ToList();
        if (objects is [var one]) return one[..^Object.Length];
        throw new ModelFileException(_path, objects.Count > 1
            ? $"the zip holds {objects.Count} objects ('{objects[0]}', '{objects[1]}' …); a checkpoint of PyTorch holds one."
            : $"the zip's {_zip.Items.Count} entries are no checkpoint of PyTorch, which has an entry 'NAME{Object}'"
              + $"{(_zip.Items.Count > 0 ? $"; the first is '{_zip.Items.Keys.First()}'" : "")}.");
    }

    private void CheckByteOrder()
    {
        if (!_zip.Items.TryGetValue($"{_root}/byteorder", out var item)) return;
        var order = Encoding.ASCII.GetString(_zip.Read(item, SmallEntry)).Trim();
        if (order != "little") throw new ModelFileException(_path, $"its numbers are in byte order '{order}'; implemented: 'little'.");
    }
}
