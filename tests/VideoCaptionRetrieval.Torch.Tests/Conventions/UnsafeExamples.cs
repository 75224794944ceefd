using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace VideoCaptionRetrieval.Torch.Tests.Conventions;

/// <summary>Tries an analyzer on a class of examples, whose names say what it must report.</summary>
internal static class UnsafeExamples
{
    /// <summary>Checks that exactly the methods whose names begin with Unsafe are reported.</summary>
    public static async Task CheckAsync(DiagnosticAnalyzer analyzer, string id, string examples)
    {
        var assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create("examples", [CSharpSyntaxTree.ParseText(examples)],
            assemblies.Select(path => MetadataReference.CreateFromFile(path)), new(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.GetDiagnostics().Where(problem => problem.Severity == DiagnosticSeverity.Error));
        var found = await compilation.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync();
        Assert.All(found, problem => Assert.Equal(id, problem.Id));
        var methods = compilation.SyntaxTrees[0].GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().ToList();
        var expected = methods.Select(method => method.Identifier.Text).Where(name => name.StartsWith("Unsafe", StringComparison.Ordinal));
        Assert.Equal(expected, methods.Where(method => found.Any(problem => method.Span.Contains(problem.Location.SourceSpan)))
            .Select(method => method.Identifier.Text));
    }
}
