using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using VideoCaptionRetrieval.TestSupport.PublicApi;

namespace VideoCaptionRetrieval.Tests.Interop;

/// <summary>The library compiles against publicized copies of ML.NET's assemblies, and runs on the published ones.</summary>
public sealed class UntouchedMlNetTests
{
    [Theory]
    [InlineData("Microsoft.ML.Core")]
    [InlineData("Microsoft.ML.Data")]
    public void LoadedAssembly_BesideTheLibrary_IsThePublishedOne(string name)
    {
        var loaded = Assembly.Load(name);

        Assert.Equal("cc7b13ffcd2ddd51", Convert.ToHexStringLower(loaded.GetName().GetPublicKeyToken()!));
        Assert.Contains(loaded.GetTypes(), type => type.IsNotPublic);       // a publicized copy has none
    }

    [Fact]
    public void Library_TypesThatItNames_AreInternalInTheLoadedAssemblies()
    {
        using var file = new PEReader(File.OpenRead(typeof(FrameSampler).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var named = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => (Name: metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name), Scope: type.ResolutionScope))
            .Where(type => type.Scope.Kind == HandleKind.AssemblyReference)
            .Select(type => (type.Name, Assembly: metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.Scope).Name)))
            .Where(type => type.Assembly is "Microsoft.ML.Core" or "Microsoft.ML.Data");

        Assert.Contains(named, type => !Assembly.Load(type.Assembly).GetType(type.Name, throwOnError: true)!.IsVisible);
    }

    [Fact]
    public void InternalMlNetTypes_InMlNetItself_AreFound() =>
        Assert.NotEmpty(InternalMlNetTypes.FindIn(Assembly.Load("Microsoft.ML.Data").GetTypes()));
}
