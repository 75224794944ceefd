using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Models.Tests.Imaging;

public sealed class ImagePreprocessingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-preprocessing-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string Clip = "\"image_processor_type\":\"CLIPImageProcessor\",\"do_center_crop\":true";

    [Theory]
    [InlineData($$"""{ {{Clip}},"size":{"shortest_edge":20},"crop_size":{"height":20,"width":20},"resample":3}""", 20, FrameFit.CenterCrop, CropRule.HuggingFace)]
    [InlineData("""{"feature_extractor_type":"CLIPFeatureExtractor","size":24,"crop_size":24}""", 24, FrameFit.CenterCrop, CropRule.HuggingFace)]
    [InlineData($$"""{ {{Clip}},"size":{"height":32,"width":32},"crop_size":32}""", 32, FrameFit.Stretch, CropRule.Torchvision)]
    [InlineData("""{"image_processor_type":"BlipImageProcessor","size":{"height":48,"width":48}}""", 48, FrameFit.Stretch, CropRule.Torchvision)]
    [InlineData("""{"image_processor_type":"BlipImageProcessor","size":{"shortest_edge":384}}""", 384, FrameFit.Stretch, CropRule.Torchvision)]
    [InlineData("""{"processor_class":"BlipProcessor","size":40,"do_center_crop":true}""", 40, FrameFit.Stretch, CropRule.Torchvision)]
    public void Read_PreprocessorConfig_GivesItsFormat(string json, int size, FrameFit fit, CropRule rule)
    {
        Write("preprocessor_config.json", json);
        Assert.Equal(new FrameFormat(size, fit, rule), CheckpointFormats.ReadPreprocessing(_folder).Format);
    }

    [Theory]
    [InlineData("""{"feature_extractor_type":"ViTFeatureExtractor","size":40,"resample":2}""", ResizeFilter.Bilinear)]
    [InlineData("""{"image_processor_type":"ViTImageProcessor","size":{"height":40,"width":40}}""", ResizeFilter.Bilinear)]
    [InlineData("""{"image_processor_type":"ViTImageProcessor","size":{"height":40,"width":40},"resample":3}""", ResizeFilter.Bicubic)]
    public void Read_ViTProcessor_StretchesAndIsBilinearByDefault(string json, ResizeFilter filter)
    {
        Write("preprocessor_config.json", json);
        Assert.Equal(new FrameFormat(40, FrameFit.Stretch, Filter: filter), CheckpointFormats.ReadPreprocessing(_folder).Format);
    }

    [Theory]
    [InlineData("""{"model_type":"clip","vision_config":{"image_size":36}}""", 36, FrameFit.CenterCrop)]
    [InlineData("""{"model_type":"clip","vision_config":{}}""", 224, FrameFit.CenterCrop)]
    [InlineData("""{"model_type":"blip","vision_config":{"image_size":36}}""", 36, FrameFit.Stretch)]
    [InlineData("""{"model_type":"blip"}""", 384, FrameFit.Stretch)]
    public void Read_OnlyConfig_TakesImageSizeAndTorchvisionCrop(string json, int size, FrameFit fit)
    {
        Write("config.json", json);
        var preprocessing = CheckpointFormats.ReadPreprocessing(_folder);
        Assert.Equal(new FrameFormat(size, fit, CropRule.Torchvision), preprocessing.Format);
        Assert.Equal(ImagePreprocessing.ClipMean, preprocessing.Mean);
    }

    [Fact]
    public void Read_OlderBlipFileWithoutType_IsRecognisedByConfig()
    {
        Write("config.json", """{"model_type":"blip","vision_config":{"image_size":384}}""");
        Write("preprocessor_config.json", """{"size":{"shortest_edge":384},"resample":3}""");
        Assert.Equal(new FrameFormat(384, FrameFit.Stretch), CheckpointFormats.ReadPreprocessing(_folder).Format);
    }

    [Fact]
    public void Read_NoCropSize_TakesConfigImageSize()
    {
        Write("config.json", """{"model_type":"clip","vision_config":{"image_size":28}}""");
        Write("preprocessor_config.json", $$"""{ {{Clip}} }""");
        Assert.Equal(new FrameFormat(28, FrameFit.CenterCrop, CropRule.HuggingFace), CheckpointFormats.ReadPreprocessing(_folder).Format);
    }

    [Theory]
    [InlineData("""{"size":24,"crop_size":24,"resample":1}""", "'resample'")]
    [InlineData("""{"size":24,"crop_size":24,"resample":"bicubic"}""", "'resample'")]
    [InlineData("""{"size":24,"crop_size":24,"do_resize":false}""", "'do_resize'")]
    [InlineData("""{"size":24,"crop_size":24,"do_center_crop":1}""", "'do_center_crop'")]
    [InlineData("""{"size":24,"crop_size":{"height":24,"width":20}}""", "'crop_size'")]
    [InlineData("""{"size":{"height":24,"width":20},"do_center_crop":false}""", "24x20")]
    [InlineData("""{"size":{"shortest_edge":24},"do_center_crop":false}""", "'size'")]
    [InlineData("""{"size":{"longest_edge":24},"crop_size":24}""", "'size'")]
    [InlineData("""{"size":24,"crop_size":24,"crop_rule":"round"}""", "'crop_rule'")]
    [InlineData("""{"size":28,"crop_size":24}""", "28")]
    [InlineData("""{"size":24,"crop_size":-1}""", "'crop_size'")]
    [InlineData("""{"size":24.5,"crop_size":24}""", "'size'")]
    [InlineData("""{"size":1e9,"crop_size":1e9}""", "'crop_size'")]
    [InlineData("""{"size":24,"crop_size":24,"image_mean":[1,2]}""", "'image_mean'")]
    [InlineData("""{"size":24,"crop_size":24,"image_std":[1,0,1]}""", "'image_std'")]
    [InlineData("""{"size":24,"crop_size":24,"rescale_factor":"x"}""", "'rescale_factor'")]
    [InlineData("""[1]""", "not a JSON object")]
    [InlineData("""{"size": """, "line 1 is not JSON")]
    public void Read_NotImplementedOrDamaged_NamesFileAndKey(string json, string problem)
    {
        Write("preprocessor_config.json", json);
        var e = Assert.Throws<ModelFileException>(() => CheckpointFormats.ReadPreprocessing(_folder));
        Assert.Contains("preprocessor_config.json", e.Message);
        Assert.Contains(problem, e.Message);
    }

    [Fact]
    public void Write_EveryFilter_ComesBackAndAnUnknownOneIsRefused()
    {
        byte[] Written(FrameFormat format) => PreprocessorConfig.Write(new(format, [0, 0, 0], [1, 1, 1]));
        foreach (var filter in Enum.GetValues<ResizeFilter>())
        {
            File.WriteAllBytes(Path.Combine(_folder, "preprocessor_config.json"), Written(new(30, Filter: filter)));
            Assert.Equal(filter, CheckpointFormats.ReadPreprocessing(_folder).Format.Filter);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Written(new(30, Filter: (ResizeFilter)9)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Written(new(30, CropRule: (CropRule)9)));
    }

    [Theory]
    [InlineData(FrameFit.CenterCrop, CropRule.Torchvision)]
    [InlineData(FrameFit.CenterCrop, CropRule.HuggingFace)]
    [InlineData(FrameFit.Stretch, CropRule.Torchvision)]
    public void Write_ThenRead_SamePreprocessing(FrameFit fit, CropRule rule)
    {
        var written = new ImagePreprocessing(new(30, fit, rule), [0.5, 0.25, 0.1], [1, 2, 3], 0.125);
        File.WriteAllBytes(Path.Combine(_folder, "preprocessor_config.json"), PreprocessorConfig.Write(written));
        var read = CheckpointFormats.ReadPreprocessing(_folder);
        Assert.Equal((written.Format, written.RescaleFactor), (read.Format, read.RescaleFactor));
        Assert.Equal(written.Mean, read.Mean);
        Assert.Equal(written.StandardDeviation, read.StandardDeviation);
    }

    [Fact]
    public void Read_NoFileOrNoFolder_SaysWhatIsMissing()
    {
        Assert.Contains("config.json", Assert.Throws<ModelFileException>(() => CheckpointFormats.ReadPreprocessing(_folder)).Message);
        Assert.Contains("does not exist", Assert.Throws<ModelFileException>(() => CheckpointFormats.ReadPreprocessing(_folder + "-absent")).Message);
    }

    [Fact]
    public void Normalise_NormalisationOff_OnlyRescales()
    {
        Write("preprocessor_config.json", """{"size":1,"crop_size":1,"do_normalize":false,"rescale_factor":0.5}""");
        var values = new float[6];
        CheckpointFormats.ReadPreprocessing(_folder).Normalise([2, 4, 6, 8, 10, 12], 2, values);
        Assert.Equal([1, 2, 3, 4, 5, 6], values);
    }

    [Fact]
    public void Normalise_WrongLengths_Throws()
    {
        var preprocessing = new ImagePreprocessing(new(2));
        Assert.Throws<ArgumentException>(() => preprocessing.Normalise(new byte[12], 2, new float[24]));
        Assert.Throws<ArgumentException>(() => preprocessing.Normalise(new byte[12], 1, new float[11]));
    }

    private void Write(string name, string json) => File.WriteAllText(Path.Combine(_folder, name), json);
}
