using System.Collections;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.ML;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.ClipScore;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Retrieval;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Tests.Interop;

/// <summary>What saved models hold of each component, and what becomes of names that are missing, unknown or wrong.</summary>
public sealed class SavedSettingsTests : IDisposable
{
    private static readonly CheckpointReference Checkpoint = new("models/clip", 2, "f00d");
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _extracted = [];

    public void Dispose()
    {
        _checkpoint.Dispose();
        foreach (var folder in _extracted.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Save_FrameSampler_TheseNames() => AssertSaved("""
        {
          "libraryVersion": "VERSION",
          "columns": [
            {
              "name": "Frames",
              "size": 8,
              "count": 4,
              "fit": "pad",
              "cropRule": "hugging-face",
              "filter": "bilinear",
              "selection": "at",
              "seconds": [
                0.5,
                2
              ]
            }
          ],
          "inputColumnName": "Pfad «ü»",
          "videoIdColumnName": "VideoId",
          "clipStartColumnName": "ClipStart",
          "clipEndColumnName": "ClipEnd",
          "onError": "report",
          "parallelVideos": null,
          "pixelAspect": "square"
        }
        """, Sampler());

    [Fact]
    public void Save_ClipScoreFilter_TheseNames() => AssertSaved("""
        {
          "libraryVersion": "VERSION",
          "checkpoint": {
            "folder": "models/clip",
            "frameSize": 2,
            "fingerprint": "f00d",
            "isCaptioner": false,
            "clip": null
          },
          "captionsColumnName": "Captions",
          "framesColumnName": "Frames",
          "selection": "middle-frame",
          "keepPerCaptioner": 2,
          "keepJoint": 4,
          "minimumScore": "-Infinity",
          "removeDuplicates": false,
          "prefix": "",
          "imagesPerBatch": 32,
          "seed": 1
        }
        """, Filter());

    [Fact]
    public void Save_ImageCaptioner_TheseNames() => AssertSaved("""
        {
          "libraryVersion": "VERSION",
          "captioners": [
            {
              "name": "mine",
              "framesColumnName": "Frames",
              "checkpoint": null,
              "generation": null
            }
          ],
          "outputColumnName": "Captions",
          "storePath": null,
          "imagesPerBatch": 16
        }
        """, OwnCaptioner());

    [Fact]
    public void Save_Retrieval_TheseNames() => AssertSaved("""
        {
          "libraryVersion": "VERSION",
          "framesColumnName": "Frames",
          "frameCount": 3,
          "pooling": "mean",
          "temperature": 0.1,
          "normaliseFrames": false
        }
        """, Retrieval(FramePooling.Mean));

    [Fact]
    public void Save_ValuesOfEnums_TheseNames()
    {
        Assert.Equal("throw report", Names<FrameErrorHandling>());
        Assert.Equal("center-crop stretch pad shortest-edge", Names<FrameFit>());
        Assert.Equal("torchvision hugging-face", Names<CropRule>());
        Assert.Equal("bicubic bilinear", Names<ResizeFilter>());
        Assert.Equal("segment-middles every at key-frames", Names<FrameSelectionKind>());
        Assert.Equal("top-per-captioner top-joint middle-frame random", Names<CaptionSelectionRule>());
        Assert.Equal("query-scoring mean", Names<FramePooling>());
    }

    [Fact]
    public void Save_ValueThatTheEnumDoesNotHave_IsRefused()
    {
        var e = Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Save(Retrieval((FramePooling)7)));
        Assert.Contains("'7' is no FramePooling", e.Message);
    }

    [Fact]
    public void Load_AllOptionsChanged_SameOptionsAgain()
    {
        var column = new FrameColumn("Frames", new(8, FrameFit.Stretch), 4) { Selection = FrameSelection.Every(2) };
        var sampler = Changed(new FrameSamplerOptions { Columns = [column] });
        sampler.Ffmpeg = new() { PixelAspect = PixelAspect.Stored };
        AssertSameOptions(sampler, Reloaded(new FrameSamplerTransformer(_context, sampler)).Options, SamplerUnsaved);
        Assert.Equal(PixelAspect.Stored, Reloaded(new FrameSamplerTransformer(_context, sampler)).Options.Ffmpeg.PixelAspect);
        Assert.Equal("Every 2 s", $"{Reloaded(new FrameSamplerTransformer(_context, sampler)).Columns[0].Selection}");

        var filter = Changed(new ClipScoreFilterOptions());
        filter.CheckpointFolder = Checkpoint.Folder;
        AssertSameOptions(filter, Reloaded(new ClipScoreFilterTransformer(_context, filter, Checkpoint)).Options, FilterUnsaved);

        var captioner = Changed(new ImageCaptionerOptions { Captioners = [Mine] });
        AssertSameOptions(captioner, Reloaded(new ImageCaptionerTransformer(_context, captioner)).Options, CaptionerUnsaved);
    }

    [Fact]
    public void Settings_EveryOption_IsSavedOrListedAsNotSaved()
    {
        Assert.Equal(Options<FrameSamplerOptions>(SamplerUnsaved, "PixelAspect"), Properties<FrameSamplerSettings>());
        Assert.Equal(Options<ClipScoreFilterOptions>([.. FilterUnsaved, "CheckpointFolder"], "Checkpoint"), Properties<ClipScoreFilterSettings>());
        Assert.Equal(Options<ImageCaptionerOptions>(CaptionerUnsaved), Properties<ImageCaptionerSettings>());
        Assert.Equal(Options<FrameScoring>([], "FramesColumnName", "FrameCount"), Properties<SavedRetrievalSettings>());
        Assert.Equal(Options<FrameFormat>([], "Name", "Count", "Selection", "Seconds"), Properties<FrameColumnSettings>());
    }

    [Fact]
    public void Load_CaptionerOfACheckpoint_SameDecodingSettingsAgain()
    {
        var generation = Changed(new GenerationOptions());
        var saved = new ImageCaptionerSettings([new("blip", "Frames", new("models/blip", 64, "beef", IsCaptioner: true, "models/clip"), generation)]);
        var zip = Save(new PartOfAModel(_context, ImageCaptionerFormat, saved.Write));

        var loaded = Assert.Single(((ImageCaptionerTransformer)Load(zip)).Captioners);

        AssertSameOptions(generation, loaded.Captioner.Generation!, []);
        Assert.Equal(("blip", "Frames", "models/blip", "models/clip", 64),
            (loaded.Captioner.Name, loaded.Captioner.FramesColumnName, loaded.Captioner.Folder, loaded.Captioner.Clip, loaded.FrameSize));
    }

    [Fact]
    public void Load_MissingNames_TakeTheDefaults()
    {
        var sampler = Loaded<FrameSamplerTransformer>(Sampler(), """{"columns":[{"name":"Frames","size":8}]}""");
        AssertSameOptions(new FrameSamplerOptions(), sampler.Options, [.. SamplerUnsaved, "Columns"]);
        var column = Assert.Single(sampler.Columns);
        Assert.Equal(("Frames", new FrameFormat(8), FrameColumn.DefaultCount), (column.Name, column.Format, column.Count));
        Assert.Same(FrameSelection.SegmentMiddles, column.Selection);

        var filter = Loaded<ClipScoreFilterTransformer>(Filter(), """{"checkpoint":{"folder":"models/clip","frameSize":2,"fingerprint":"f00d"}}""");
        AssertSameOptions(new ClipScoreFilterOptions { CheckpointFolder = "models/clip" }, filter.Options, FilterUnsaved);

        var captioner = Loaded<ImageCaptionerTransformer>(OwnCaptioner(), """
            {"captioners":[{"name":"blip","framesColumnName":"F","generation":{"beams":2},
            "checkpoint":{"folder":"b","frameSize":2,"fingerprint":"f","isCaptioner":true}}]}
            """);
        AssertSameOptions(new ImageCaptionerOptions(), captioner.Options, [.. CaptionerUnsaved, "Captioners"]);
        AssertSameOptions(new GenerationOptions { Beams = 2 }, Assert.Single(captioner.Options.Captioners).Generation!, []);

        var retrieval = Loaded<MultiCaptionRetrievalTransformer>(Retrieval(FramePooling.Mean), "{}");
        Assert.Equal(("Frames", FrameColumn.DefaultCount, FrameScoring.Default), (retrieval.FramesColumn, retrieval.FrameCount, retrieval.Scoring));
    }

    [Theory]
    [InlineData("sampler", "", "blur", "'blur' (3)")]
    [InlineData("sampler", "columns.0", "blur", "'columns[0].blur' (3)")]
    [InlineData("filter", "", "InputColumnName", "'InputColumnName' (3)")]
    [InlineData("filter", "checkpoint", "length", "'checkpoint.length' (3)")]
    [InlineData("captioner", "captioners.0", "language", "'captioners[0].language' (3)")]
    [InlineData("retrieval", "", "depth", "'depth' (3)")]
    public void Load_UnknownName_SaysItAndWhoWroteItAndWhatToDo(string component, string inside, string name, string said)
    {
        var message = Refusal(component, inside, name, 3);
        Assert.Contains($"this version of the library does not know the setting {said}.", message);
        Assert.Contains($"Version 9.8.7 of the library wrote them, this is version {SavedSettings.LibraryVersion}: load the model with the version "
            + "that wrote it or a newer one, or make it anew.", message);
    }

    [Theory]
    [InlineData("filter", "weightTemperature", 3)]
    [InlineData("retrieval", "frameErrorColumnName", "FrameError")]
    public void Load_SettingThatHasNoEffectAnyMore_IsIgnored(string component, string name, object value)
    {
        var zip = Save(Component(component));
        Edit(zip, names => names[name] = value is int number ? number : (string)value);
        Assert.NotNull(Load(zip));
    }

    [Fact]
    public void Load_SeveralUnknownNames_SaysAll()
    {
        var zip = Save(Sampler());
        Edit(zip, names => (names["one"], names["two"]) = (null, "x"));
        Assert.Contains("the setting 'one' (null), 'two' (\"x\").", Fault(zip));
    }

    [Theory]
    [InlineData("sampler", "columns.0", "fit", "swirl", "'columns[0].fit': It is \"swirl\"; expected one of \"center-crop\", \"stretch\", \"pad\",")]
    [InlineData("sampler", "", "onError", 1, "'onError': It is 1; expected one of \"throw\", \"report\".")]
    [InlineData("filter", "", "selection", "best", "'selection': It is \"best\"; expected one of \"top-per-captioner\",")]
    [InlineData("retrieval", "", "pooling", "median", "'pooling': It is \"median\"; expected one of \"query-scoring\", \"mean\".")]
    [InlineData("retrieval", "", "pooling", "Mean", "'pooling': It is \"Mean\"; expected")]
    [InlineData("retrieval", "", "pooling", null, "'pooling': It is null; expected")]
    public void Load_UnknownValueOfAnEnum_SaysItAndWhoWroteIt(string component, string inside, string name, object? value, string said)
    {
        var message = Refusal(component, inside, name, value);
        Assert.Contains($"the setting {said}", message);
        Assert.Contains("Version 9.8.7 of the library wrote them", message);
    }

    [Theory]
    [InlineData("retrieval", "", "frameCount", "ten", "'frameCount'")]
    [InlineData("retrieval", "", "framesColumnName", null, "'framesColumnName'")]
    [InlineData("filter", "", "checkpoint", null, "'checkpoint'")]
    public void Load_ValueOfAnotherType_SaysWhere(string component, string inside, string name, object? value, string said) =>
        Assert.Contains($"the setting {said}", Refusal(component, inside, name, value));

    [Fact]
    public void Load_MissingNameWithoutADefault_SaysWhich()
    {
        var zip = Save(Sampler());
        Edit(zip, names => names["columns"]![0]!.AsObject().Remove("size"));
        Assert.Contains("'size'", Fault(zip));
    }

    [Fact]
    public void Load_NoVersionAndNoObject_SaysSo()
    {
        var zip = Save(Sampler());
        Write(zip, "[]");
        Assert.Contains("It is no JSON object. An unknown version of the library wrote them", Fault(zip));
        Write(zip, """{"columns":[],"columns":[]}""");
        Assert.Contains("cannot be read", Fault(zip));
    }

    [Fact]
    public void Load_NewerLayout_IsRefused()
    {
        var zip = Save(new PartOfAModel(_context, new("MCRETRVL", MultiCaptionRetrievalTransformer.LoaderName, Version: 3), _ => { }));
        Assert.Contains("too new", Assert.ThrowsAny<Exception>(() => Load(zip)).GetBaseException().Message);
    }

    private static readonly string[] SamplerUnsaved = ["ReadAheadBytes", "Cache", "Ffmpeg", "CancellationToken"];
    private static readonly string[] FilterUnsaved = ["Inference", "Progress", "CancellationToken"];
    private static readonly string[] CaptionerUnsaved = ["Progress", "CancellationToken"];

    private static Captioner Mine => Captioner.Custom("mine", "Frames", () => throw new NotSupportedException());

    private static ModelFormat ImageCaptionerFormat => new("VCRCAPTN", ImageCaptionerTransformer.LoaderName, Version: 2);

    private FrameSamplerTransformer Sampler() => new(_context, new()
    {
        InputColumnName = "Pfad «ü»",
        OnError = FrameErrorHandling.Report,
        Columns = [new("Frames", new(8, FrameFit.Pad, CropRule.HuggingFace, ResizeFilter.Bilinear), 4) { Selection = FrameSelection.At(2, 0.5) }],
    });

    private ClipScoreFilterTransformer Filter() =>
        new(_context, new() { Selection = CaptionSelectionRule.MiddleFrame, MinimumScore = double.NegativeInfinity }, Checkpoint);

    private ImageCaptionerTransformer OwnCaptioner() => new(_context, new() { Captioners = [Mine] });

    private MultiCaptionRetrievalTransformer Retrieval(FramePooling pooling) =>
        _context.VideoRetrieval.FromCheckpoint(_checkpoint.Folder, frameCount: 3, pooling: pooling);

    private ITransformer Component(string name) => name switch
    {
        "sampler" => Sampler(),
        "filter" => Filter(),
        "captioner" => OwnCaptioner(),
        "retrieval" => Retrieval(FramePooling.Mean),
        _ => throw new ArgumentException($"No component '{name}'.", nameof(name)),
    };

    private string Save(ITransformer component)
    {
        var zip = Path.Combine(_checkpoint.Folder, "..", $"{Guid.NewGuid():N}.zip");
        _context.Model.Save(component, null, zip);
        return zip;
    }

    private ITransformer Load(string zip)
    {
        var loaded = new MLContext().Model.Load(zip, out _);
        if (loaded is MultiCaptionRetrievalTransformer retrieval) _extracted.Add(retrieval.CheckpointFolder);
        return loaded;
    }

    private T Reloaded<T>(T component) where T : class, ITransformer => (T)Load(Save(component));

    private T Loaded<T>(T component, string settings) where T : class, ITransformer
    {
        var zip = Save(component);
        Write(zip, settings);
        return (T)Load(zip);
    }

    private void AssertSaved(string expected, ITransformer component) => Assert.Equal(
        expected.Replace("VERSION", SavedSettings.LibraryVersion, StringComparison.Ordinal), Read(Save(component)), ignoreLineEndingDifferences: true);

    /// <summary>What loading says after one setting was changed, in a file of version 9.8.7.</summary>
    private string Refusal(string component, string inside, string name, object? value)
    {
        var zip = Save(Component(component));
        Edit(zip, names =>
        {
            names["libraryVersion"] = "9.8.7";
            JsonNode at = names;
            foreach (var step in inside.Split('.', StringSplitOptions.RemoveEmptyEntries))
                at = (int.TryParse(step, CultureInfo.InvariantCulture, out var item) ? at[item] : at[step])!;
            at[name] = value is int number ? number : (string?)value;
        });
        return Fault(zip);
    }

    private string Fault(string zip)
    {
        Exception? fault = Assert.ThrowsAny<Exception>(() => Load(zip));
        while (fault is not (null or InvalidDataException)) fault = fault.InnerException;
        return Assert.IsType<InvalidDataException>(fault).Message;
    }

    private static string Read(string zip)
    {
        using var archive = ZipFile.OpenRead(zip);
        using var text = new StreamReader(archive.Entries.Single(entry => entry.Name == "settings.json").Open());
        return text.ReadToEnd();
    }

    private static void Write(string zip, string settings)
    {
        using var archive = ZipFile.Open(zip, ZipArchiveMode.Update);
        var entry = archive.Entries.Single(entry => entry.Name == "settings.json");
        var name = entry.FullName;
        entry.Delete();
        using var text = new StreamWriter(archive.CreateEntry(name).Open());
        text.Write(settings);
    }

    private static void Edit(string zip, Action<JsonObject> edit)
    {
        var names = JsonNode.Parse(Read(zip))!.AsObject();
        edit(names);
        Write(zip, names.ToJsonString());
    }

    private static string Names<T>() where T : struct, Enum
    {
        var options = new System.Text.Json.JsonSerializerOptions { Converters = { new NamedEnum<T>() } };
        return string.Join(' ', Enum.GetValues<T>().Select(value => System.Text.Json.JsonSerializer.Serialize(value, options).Trim('"')));
    }

    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });

    private static IEnumerable<string> Options<T>(string[] unsaved, params string[] others) =>
        Settable(typeof(T)).Select(property => property.Name).Except(unsaved).Concat(others).Order();

    private static IEnumerable<string> Properties<T>() =>
        typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Order();

    /// <summary>Gives every plain option another value than its default.</summary>
    private static T Changed<T>(T options) where T : class
    {
        foreach (var property in Settable(typeof(T)))
        {
            object? changed = (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
            {
                { IsEnum: true } type => Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1),
                var type when type == typeof(string) => $"other {property.Name}",
                var type when type == typeof(bool) => !(bool)property.GetValue(options)!,
                var type when type == typeof(int) => 7,
                var type when type == typeof(float) => 0.7f,
                var type when type == typeof(double) => 1 / 3.0,
                _ => null,
            };
            if (changed is not null) property.SetValue(options, changed);
        }
        return options;
    }

    private static void AssertSameOptions<T>(T expected, T got, string[] except) where T : class
    {
        foreach (var property in Settable(typeof(T)).Where(property => !except.Contains(property.Name)))
        {
            var (want, have) = (property.GetValue(expected), property.GetValue(got));
            if (want is not string and IEnumerable list) Assert.Equal(list.Cast<object>().Count(), ((IEnumerable)have!).Cast<object>().Count());
            else Assert.True(Equals(want, have), Invariant($"{property.Name} is '{have}', expected '{want}'."));
        }
    }
}
