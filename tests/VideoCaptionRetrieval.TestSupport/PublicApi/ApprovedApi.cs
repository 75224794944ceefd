using System.Reflection;
using PublicApiGenerator;
using Xunit;

namespace VideoCaptionRetrieval.TestSupport.PublicApi;

/// <summary>The public surface of an assembly, compared with the text that was approved: PublicApi/NAME.approved.txt in its test project.</summary>
public static class ApprovedApi
{
    /// <summary>Set to 1, it writes the approved texts anew instead of comparing with them.</summary>
    public const string AcceptVariable = "VCR_ACCEPT_API";

    // Nothing is left out by namespace: extensions of ML.NET's catalogs may live in Microsoft.ML.
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] };

    /// <summary>Asserts that no public member was added, changed or removed without approval.</summary>
    public static void AssertUnchanged(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        var approved = Path.Combine(ReferenceFolder.Repository, "tests", name + ".Tests", "PublicApi", name + ".approved.txt");
        var received = approved.Replace(".approved.", ".received.", StringComparison.Ordinal);
        var current = assembly.GeneratePublicApi(Options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1") File.WriteAllText(approved, current);
        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        if (current == expected)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, current);
        Assert.Fail($"""
            The public members of {name} changed (- approved, + now):
            {LineDifference.Between(expected, current)}
            If that was meant, accept it:   cp '{received}' '{approved}'
            or, for all packages at once:   {AcceptVariable}=1 dotnet test --filter Category=PublicApi
            Else make the new members internal.
            """);
    }
}
