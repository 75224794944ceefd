using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace VideoCaptionRetrieval.Build;

/// <summary>
/// Reports numbers and dates that become text by the current culture where CA1305 sees no call to correct: in an interpolated string, a sum
/// of strings, string.Join and a writer; and TryParse. <c>$"{0.5}"</c> is 0,5 in German, and whoever reads it back reads 5.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CultureAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The rule's number.</summary>
    public const string Id = "VCR0002";

    private const string FormatsWithSeparators = "NPCFEnpcfe";
    private static readonly char[] Separators = ['.', ',', '%'];

    private static readonly DiagnosticDescriptor Rule = new(
        Id, "A number becomes text, or text a number, by the current culture", "'{0}' follows the current culture; write Invariant($\"…\"), or name CultureInfo.InvariantCulture", "Globalization",
        DiagnosticSeverity.Warning, isEnabledByDefault: true);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(CheckHole, OperationKind.Interpolation);
        context.RegisterOperationAction(CheckSum, OperationKind.Binary);
        context.RegisterOperationAction(CheckCall, OperationKind.Invocation);
    }

    private static void CheckHole(OperationAnalysisContext context)
    {
        var hole = (IInterpolationOperation)context.Operation;
        if (hole.Parent?.Parent is IConversionOperation { Type.Name: "FormattableString" or "IFormattable" }) return;
        var format = hole.FormatString?.ConstantValue is { HasValue: true, Value: string text } ? text : "";
        Report(context, hole.Expression, format);
    }

    private static void CheckSum(OperationAnalysisContext context)
    {
        var sum = (IBinaryOperation)context.Operation;
        if (sum.Type?.SpecialType is not SpecialType.System_String) return;
        Report(context, sum.LeftOperand);
        Report(context, sum.RightOperand);
    }

    private static void CheckCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (ReadsNumber(call.TargetMethod)) context.ReportDiagnostic(Diagnostic.Create(Rule, call.Syntax.GetLocation(), call.Syntax));
        if (!WritesText(call.TargetMethod)) return;
        foreach (var value in call.Arguments.SelectMany(argument => Values(argument.Value))) Report(context, value);
    }

    /// <summary>An argument's value, or those that the compiler collected for a parameter array or span.</summary>
    private static ImmutableArray<IOperation> Values(IOperation argument) => argument switch
    {
        IArrayCreationOperation { Initializer: { } array } => array.ElementValues,
        ICollectionExpressionOperation list => list.Elements,
        _ => [argument],
    };

    /// <summary>CA1305 sees Parse, not TryParse.</summary>
    private static bool ReadsNumber(IMethodSymbol method) => method is { Name: "TryParse", IsStatic: true }
        && (FollowsCulture(method.ContainingType, "N") || method.ContainingType.Name == "TimeSpan")
        && !method.Parameters.Any(parameter => parameter.Type.Name == "IFormatProvider");

    private static bool WritesText(IMethodSymbol method) => (method.ContainingType.Name, method.Name) is
        ("String", "Concat" or "Join") or ("StringBuilder", "Append" or "AppendJoin" or "Insert") or ("Console" or "TextWriter" or "StreamWriter" or "StringWriter", "Write" or "WriteLine");

    private static void Report(OperationAnalysisContext context, IOperation operation, string format = "")
    {
        var value = operation is IConversionOperation { IsImplicit: true } conversion ? conversion.Operand : operation;
        if (FollowsCulture(value.Type, format) || FollowsCulture(ItemOf(value.Type), format))
            context.ReportDiagnostic(Diagnostic.Create(Rule, value.Syntax.GetLocation(), value.Syntax));
    }

    /// <summary>Fractions, dates and what may be one always; whole numbers where the format groups digits or counts in percent.</summary>
    private static bool FollowsCulture(ITypeSymbol? type, string format) => Underlying(type) switch
    {
        { SpecialType: SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal or SpecialType.System_DateTime } => true,
        { SpecialType: SpecialType.System_Object or SpecialType.System_ValueType } => true,
        ITypeParameterSymbol parameter => !parameter.ConstraintTypes.Any(constraint => constraint.SpecialType is SpecialType.System_Enum),
        { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_UInt64 } =>
            format.Length > 0 && (FormatsWithSeparators.Contains(format[0]) || format.IndexOfAny(Separators) >= 0),
        { Name: "Half" or "DateTimeOffset" or "DateOnly" or "TimeOnly" } => true,
        { Name: "TimeSpan" } => format is "g" or "G",
        _ => false,
    };

    private static ITypeSymbol? Underlying(ITypeSymbol? type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    private static ITypeSymbol? ItemOf(ITypeSymbol? type) => type is IArrayTypeSymbol array
        ? array.ElementType
        : type is null ? null : new[] { type }.Concat(type.AllInterfaces).OfType<INamedTypeSymbol>()
            .FirstOrDefault(one => one.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0];
}
