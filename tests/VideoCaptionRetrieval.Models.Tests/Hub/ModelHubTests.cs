using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Hub;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.TestSupport.Hub;

namespace VideoCaptionRetrieval.Models.Tests.Hub;

public sealed class ModelHubTests : HubTests
{
    // Each test has a repository of its own: they share the process's cache.
    private string Serve(string name)
    {
        Hub.AddCheckpoint();
        Hub.Name = $"tester/{name}";
        return Hub.Name;
    }

    [Fact]
    public async Task GetAsync_NotHere_IsFetchedIntoTheCacheOnce()
    {
        var name = Serve("once");
        Assert.Null(ModelHub.Find(name));
        Assert.Contains($"ModelHub.GetAsync(\"{name}\")", Assert.Throws<ModelFileException>(() => CheckpointFormats.Require<DualEncoderCheckpoint>(name)).Message, StringComparison.Ordinal);

        var folder = await ModelHub.GetAsync(name, Options());
        Assert.Equal((ModelHub.CacheFolder("tester--once"), folder), (folder, ModelHub.Find(name)));
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
        var requests = Hub.Requests.Count;
        Assert.Equal(folder, await ModelHub.GetAsync(name, Options()));
        Assert.Equal(requests, Hub.Requests.Count);
    }

    [Fact]
    public async Task GetAsync_TwoAtOnce_OneFetchesAndTheOtherWaits()
    {
        var name = Serve("twice");
        var folders = await Task.WhenAll(ModelHub.GetAsync(name, Options()), ModelHub.GetAsync(name, Options()));
        Assert.Equal(folders[0], folders[1]);
        Assert.Single(Hub.RequestsFor("model.safetensors"));
    }

    [Fact]
    public async Task GetAsync_Offline_IsAnErrorThatNamesTheCommand()
    {
        var name = Serve("offline");
        var options = Options();
        options.Offline = true;
        Assert.Contains($"vcr models get {name}", (await Assert.ThrowsAsync<HubException>(() => ModelHub.GetAsync(name, options))).Message, StringComparison.Ordinal);
        Assert.Empty(Hub.Requests);
    }

    [Fact]
    public void Find_WhatIsOnDisk_ComesBeforeAnyName()
    {
        Directory.CreateDirectory(Folder);
        Assert.Equal(Folder, ModelHub.Find(Folder));
        Assert.Null(ModelHub.Find("./clip-vit-base-patch16"));
        Assert.Null(ModelHub.Find(Path.Combine(Folder, "clip-vit-base-patch16")));
    }

    [Fact]
    public async Task Find_HalfFetched_IsNotThere()
    {
        var name = Serve("half");
        Hub.Fail("model.safetensors", HubFault.Stalls);
        var options = Options();
        options.Attempts = 1;
        options.Stall = TimeSpan.FromSeconds(0.5);
        await Assert.ThrowsAsync<HubException>(() => ModelHub.GetAsync(name, options));
        Assert.True(Directory.Exists(ModelHub.CacheFolder("tester--half")));
        Assert.Null(ModelHub.Find(name));
    }

    [Theory]
    [InlineData("clip-vit-base-patch16", true)]
    [InlineData("openai/CLIP-vit-base-patch16", true)]
    [InlineData("somebody/something", true)]
    [InlineData("no-such-model", false)]
    [InlineData("./somebody/something", false)]
    [InlineData("/somebody/something", false)]
    [InlineData("a/b/c", false)]
    [InlineData("my videos/clip", false)]
    public void IsName_PathsAndNames_AreToldApart(string model, bool expected) => Assert.Equal(expected, ModelHub.IsName(model));

    [Theory]
    [InlineData("clip-vit-base-patch61", "did you mean 'clip-vit-base-patch16'?")]
    [InlineData("clip-vit-base-patch16", "'vcr models get clip-vit-base-patch16' fetches it (599 MB)")]
    [InlineData("clipcap-coco", "cannot be fetched by a program")]
    [InlineData("./nowhere", "it does not exist (working directory '")]
    public void Locate_NotHere_SaysWhatToDo(string model, string said) =>
        Assert.Contains(said, Assert.Throws<ModelFileException>(() => ModelHub.Locate(model, "a checkpoint")).Message, StringComparison.Ordinal);
}
