using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Tests.Interop;

[assembly: SavedModel<FolderTransformer>("Holds a folder and one value of each type", "Folder", FolderTransformer.LoaderName)]

namespace VideoCaptionRetrieval.Tests.Interop;

/// <summary>Adds no column; saves a folder and one value of each type.</summary>
internal sealed class FolderTransformer(IHostEnvironment environment, string folder) : BatchedTransformer(environment), ISavedModel<FolderTransformer>
{
    internal const string LoaderName = "FolderTransformer";

    internal string Folder => folder;
    internal List<object?> Values { get; private init; } = ["text", null, "", true, -5, 1L << 40, 0.1f, double.NaN, 3, null, 0.25, null, DayOfWeek.Friday];

    public static ModelFormat Format { get; } = new("FOLDERTR", LoaderName, Version: 3) { Assembly = typeof(FolderTransformer).Assembly };

    internal uint LoadedVersion { get; private init; }

    private protected override ModelFormat SavedFormat => Format;

    public static FolderTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        List<object?> values =
        [
            reader.ReadString(), reader.ReadOptionalString(), reader.ReadString(), reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadSingle(),
            reader.ReadDouble(), reader.ReadOptionalInt32(), reader.ReadOptionalInt32(), reader.ReadOptionalDouble(), reader.ReadOptionalDouble(), reader.ReadEnum<DayOfWeek>(),
        ];
        Assert.Equal(["a", "b"], reader.ReadList(reader.ReadString));
        return new(environment, ModelFolder.Read(reader, "checkpoint")) { Values = values, LoadedVersion = reader.Version };
    }

    internal override IReadOnlyList<BatchComputation> Bind(Microsoft.ML.DataViewSchema input) => [];

    private protected override void Save(ModelWriter writer)
    {
        writer.Write("text");
        writer.Write((string?)null);
        writer.Write("");
        writer.Write(true);
        writer.Write(-5);
        writer.Write(1L << 40);
        writer.Write(0.1f);
        writer.Write(double.NaN);
        writer.Write((int?)3);
        writer.Write((int?)null);
        writer.Write((double?)0.25);
        writer.Write((double?)null);
        writer.Write((int)DayOfWeek.Friday);
        writer.Write(["a", "b"], writer.Write);
        ModelFolder.Write(writer, "checkpoint", folder);
    }
}
