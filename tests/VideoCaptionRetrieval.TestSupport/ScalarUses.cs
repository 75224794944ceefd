using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using TorchSharp;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>Finds in compiled code the numbers that a garbage collection may free while libtorch reads them.</summary>
public sealed class ScalarUses
{
    private static readonly string Scalar = typeof(Scalar).FullName!;
    private readonly HashSet<string> _makers;       // methods of TorchSharp that return a new Scalar: conversions
    private readonly HashSet<string> _hidden;       // methods of TorchSharp that make one for their own use

    /// <summary>Reads TorchSharp.</summary>
    public ScalarUses()
    {
        using var torchSharp = AssemblyDefinition.ReadAssembly(typeof(Scalar).Assembly.Location);
        var methods = Methods(torchSharp).ToList();
        var callers = methods.SelectMany(caller => Calls(caller).Select(call => (Called: Name(call.Method), Caller: Name(caller))))
            .ToLookup(call => call.Called, call => call.Caller);
        var constructor = methods.Single(method => method.DeclaringType.FullName == Scalar && method.IsConstructor && method.HasParameters);
        var makesOne = new HashSet<string>();
        var waiting = new Queue<string>([Name(constructor)]);
        while (waiting.TryDequeue(out var called))
            foreach (var caller in callers[called].Where(makesOne.Add)) waiting.Enqueue(caller);
        _makers = [.. methods.Where(method => method.ReturnType.FullName == Scalar).Select(Name).Where(makesOne.Contains)];
        _hidden = [.. makesOne.Except(_makers)];
        Hidden = [.. methods.Where(method => _hidden.Contains(Name(method)) && (method.IsPublic || method.IsFamily) && IsVisible(method.DeclaringType))
            .Select(DocCommentId.GetDocCommentId).Order(StringComparer.Ordinal)];
    }

    /// <summary>Members of TorchSharp that make a Scalar for their own use, as ids of XML documentation, in ordinal order.</summary>
    public IReadOnlyList<string> Hidden { get; }

    /// <summary>Where code breaks the rule that TensorArithmetic states: "Type.Method: what it calls".</summary>
    /// <param name="assembly">Path of the compiled code.</param>
    public IReadOnlyList<string> Unsafe(string assembly)
    {
        using var read = AssemblyDefinition.ReadAssembly(assembly);
        return [.. Methods(read).SelectMany(method => Calls(method)
            .Where(call => _hidden.Contains(Name(call.Method)) || (_makers.Contains(Name(call.Method)) && !Outlives(method.Body, call.At)))
            .Select(call => $"{method.DeclaringType.Name}.{method.Name}: {call.Method.DeclaringType.Name}.{call.Method.Name}"))];
    }

    private static bool IsVisible(TypeDefinition type) => type.IsPublic || (type.IsNestedPublic && IsVisible(type.DeclaringType));

    /// <summary>Whether the new Scalar is kept: in a static field, or in a local that the method disposes.</summary>
    private static bool Outlives(MethodBody body, Instruction maker)
    {
        if (maker.Next.OpCode == OpCodes.Stsfld) return true;
        return maker.Next.OpCode == OpCodes.Stloc && body.Instructions.Any(instruction =>
            instruction.Operand is MethodReference { Name: nameof(IDisposable.Dispose) }
            && instruction.Previous.OpCode == OpCodes.Ldloc && instruction.Previous.Operand == maker.Next.Operand);
    }

    private static IEnumerable<MethodDefinition> Methods(AssemblyDefinition assembly)
    {
        foreach (var method in assembly.MainModule.GetAllTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            method.Body.SimplifyMacros();
            yield return method;
        }
    }

    private static IEnumerable<(Instruction At, MethodReference Method)> Calls(MethodDefinition method) =>
        from instruction in method.Body.Instructions
        where instruction.Operand is MethodReference
        select (instruction, (MethodReference)instruction.Operand);

    private static string Name(MethodReference method) => method.GetElementMethod().FullName;
}
