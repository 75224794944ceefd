using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.ClipCap;

/// <summary>The network that turns an image embedding into GPT-2's prefix.</summary>
public enum ClipCapMapperKind
{
    /// <summary>One linear layer.</summary>
    Linear,

    /// <summary>Two linear layers with tanh between them.</summary>
    Mlp,

    /// <summary>A transformer over the projected embedding and learned constants.</summary>
    Transformer,
}

/// <summary>The sizes of a ClipCap's mapper, read from the shapes of its tensors: the file holds no configuration.</summary>
/// <param name="Kind">Kind of mapper.</param>
/// <param name="ClipSize">Length of an image embedding.</param>
/// <param name="PrefixLength">Positions of GPT-2's prefix.</param>
/// <param name="Hidden">Hidden width of an MLP mapper, or of a transformer mapper's MLPs.</param>
/// <param name="ClipLength">Positions of the projected embedding in a transformer mapper.</param>
/// <param name="Layers">Layers of a transformer mapper.</param>
/// <param name="HasHead">Whether GPT-2's output projection is stored; else it is tied to the word embeddings.</param>
public sealed record ClipCapLayout(
    ClipCapMapperKind Kind, int ClipSize, int PrefixLength, int Hidden, int ClipLength, int Layers, bool HasHead)
{
    internal const string Mapper = "clip_project.";

    /// <summary>Attention heads of a transformer mapper: fixed in the published code, and not in the file.</summary>
    public const int Heads = 8;

    private const string Linear = Mapper + "weight";
    private const string MlpFirst = Mapper + "model.0.weight";
    private const string MlpSecond = Mapper + "model.2.weight";
    private const string Constants = Mapper + "prefix_const";

    /// <summary>Whether a file holds a ClipCap.</summary>
    internal static bool Matches(WeightsFile file) => file.Entries.Keys.Any(name => name.StartsWith(Mapper, StringComparison.Ordinal));

    /// <param name="file">The weights.</param>
    /// <param name="width">GPT-2's width.</param>
    /// <exception cref="ModelFileException">The mapper is none of the three, or does not fit GPT-2.</exception>
    public static ClipCapLayout Read(WeightsFile file, int width)
    {
        var hasHead = file.Entries.ContainsKey("gpt.lm_head.weight");
        if (file.Entries.ContainsKey(MlpFirst))
        {
            var (hidden, size) = Matrix(file, MlpFirst);
            return new(ClipCapMapperKind.Mlp, size, Positions(file, MlpSecond, width), hidden, 0, 0, hasHead);
        }
        if (file.Entries.ContainsKey(Linear))
            return new(ClipCapMapperKind.Linear, Matrix(file, Linear).Columns, Positions(file, Linear, width), 0, 0, 0, hasHead);
        if (!file.Entries.ContainsKey(Constants))
        {
            throw new ModelFileException(
                file.Path, $"there is no mapper; expected '{MlpFirst}' (MLP), '{Linear}' (linear) or '{Constants}' (transformer).");
        }
        if (width % Heads != 0) throw new ModelFileException(file.Path, $"GPT-2 is {width} wide; a transformer mapper has {Heads} heads.");
        const string Projection = Mapper + "linear.weight";
        const string FirstLayer = Mapper + "transformer.layers.0.mlp.fc1.weight";
        var layers = Enumerable.Range(0, file.Entries.Count)
            .TakeWhile(layer => file.Entries.ContainsKey($"{Mapper}transformer.layers.{layer}.norm1.weight")).Count();
        return new(ClipCapMapperKind.Transformer, Matrix(file, Projection).Columns, Matrix(file, Constants).Rows,
            Matrix(file, FirstLayer).Rows, Positions(file, Projection, width), layers, hasHead);
    }

    private static int Positions(WeightsFile file, string name, int width)
    {
        var rows = Matrix(file, name).Rows;
        return rows % width == 0
            ? rows / width
            : throw new ModelFileException(file.Path, $"tensor '{name}' has {rows} rows; expected a multiple of GPT-2's width, {width}.");
    }

    private static (int Rows, int Columns) Matrix(WeightsFile file, string name) => file.Entry(name).Shape is [var rows, var columns]
        ? ((int)rows, (int)columns)
        : throw new ModelFileException(file.Path, $"tensor '{name}' has shape [{string.Join(", ", file.Entry(name).Shape)}]; expected a matrix.");
}
