using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace VideoCaptionRetrieval.Build;

/// <summary>
/// Reports numbers that a garbage collection may free while libtorch reads them: a conversion to TorchSharp's Scalar that is neither a
/// <c>using</c> local nor a static field, and members of TorchSharp that make such a Scalar inside. TensorArithmetic says why.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ScalarLifetimeAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The rule's number.</summary>
    public const string Id = "VCR0001";

    private const string ListName = "ScalarMakers.txt";

    private static readonly DiagnosticDescriptor Rule = new(
        Id, "A Scalar must live until libtorch has read it", "{0}; use a method of TensorArithmetic, or a Scalar in a 'using' local", "Reliability",
        DiagnosticSeverity.Warning, isEnabledByDefault: true);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName("TorchSharp.Scalar") is not { } scalar) return;
            var makers = new HashSet<ISymbol>(
                ReadList().SelectMany(id => DocumentationCommentId.GetSymbolsForDeclarationId(id, start.Compilation)), SymbolEqualityComparer.Default);
            start.RegisterOperationAction(operation => Check(operation, scalar, makers),
                OperationKind.Invocation, OperationKind.MethodReference, OperationKind.PropertyReference, OperationKind.ObjectCreation,
                OperationKind.Binary, OperationKind.Unary, OperationKind.CompoundAssignment, OperationKind.Conversion);
        });
    }

    private static IEnumerable<string> ReadList()
    {
        using var reader = new StreamReader(typeof(ScalarLifetimeAnalyzer).Assembly.GetManifestResourceStream(ListName)!);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith("#", StringComparison.Ordinal)) yield return line;
    }

    private static void Check(OperationAnalysisContext context, INamedTypeSymbol scalar, HashSet<ISymbol> makers)
    {
        foreach (var called in Called(context.Operation))
        {
            if (makers.Contains(called.OriginalDefinition)) Report(context, $"'{called.Name}' makes a Scalar that nothing keeps alive");
            else if (Makes(called, scalar) && !IsKept(context.Operation)) Report(context, "The number becomes a Scalar that nothing keeps alive");
        }
    }

    private static IEnumerable<IMethodSymbol> Called(IOperation operation) => new[]
    {
        (operation as IInvocationOperation)?.TargetMethod,
        (operation as IMethodReferenceOperation)?.Method,
        (operation as IPropertyReferenceOperation)?.Property.GetMethod,
        (operation as IPropertyReferenceOperation)?.Property.SetMethod,
        (operation as IObjectCreationOperation)?.Constructor,
        (operation as IBinaryOperation)?.OperatorMethod,
        (operation as IUnaryOperation)?.OperatorMethod,
        (operation as ICompoundAssignmentOperation)?.OperatorMethod,
        (operation as IConversionOperation)?.OperatorMethod,
    }.OfType<IMethodSymbol>();

    /// <summary>Whether a method is TorchSharp's own and returns a new Scalar: its conversions.</summary>
    private static bool Makes(IMethodSymbol method, INamedTypeSymbol scalar) =>
        SymbolEqualityComparer.Default.Equals(method.ReturnType, scalar)
        && SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, scalar.ContainingAssembly);

    /// <summary>Whether the Scalar is the value of a <c>using</c> local or of a static field.</summary>
    private static bool IsKept(IOperation conversion) => conversion.Parent switch
    {
        IFieldInitializerOperation field => field.InitializedFields.All(initialized => initialized.IsStatic),
        IVariableInitializerOperation { Parent.Parent.Parent: { } group } => group.Parent is IUsingDeclarationOperation or IUsingOperation,
        _ => false,
    };

    private static void Report(OperationAnalysisContext context, string problem) =>
        context.ReportDiagnostic(Diagnostic.Create(Rule, context.Operation.Syntax.GetLocation(), problem));
}
