using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace VideoCaptionRetrieval.TestSupport.Architecture;

/// <summary>Reads from compiled code which types a type uses: in its declaration, its members' signatures and their bodies.</summary>
public static class TypeUses
{
    /// <summary>Every type of an assembly that is not nested, with all that it and what is nested in it use.</summary>
    public static IReadOnlyList<(string User, string Used, string Assembly)> Read(string assembly)
    {
        using var read = AssemblyDefinition.ReadAssembly(assembly);
        var uses = new HashSet<(string, string, string)>();
        foreach (var type in read.MainModule.GetAllTypes())
        {
            var user = Name(type);
            foreach (var used in Of(type).SelectMany(Parts).Where(used => used is not GenericParameter))
                if (Name(used) is var name && name != user) uses.Add((user, name, AssemblyOf(used, read)));
        }
        return [.. uses];
    }

    /// <summary>The names of the assemblies that see an assembly's internals.</summary>
    public static IReadOnlyList<string> Friends(string assembly)
    {
        using var read = AssemblyDefinition.ReadAssembly(assembly);
        return [.. read.CustomAttributes.Where(attribute => attribute.AttributeType.Name == "InternalsVisibleToAttribute")
            .Select(attribute => Invariant($"{attribute.ConstructorArguments[0].Value}"))];
    }

    private static IEnumerable<TypeReference> Of(TypeDefinition type)
    {
        if (type.BaseType is { } parent) yield return parent;
        foreach (var implemented in type.Interfaces) yield return implemented.InterfaceType;
        foreach (var constraint in type.GenericParameters.SelectMany(parameter => parameter.Constraints)) yield return constraint.ConstraintType;
        foreach (var attribute in type.CustomAttributes) yield return attribute.AttributeType;
        foreach (var field in type.Fields) yield return field.FieldType;
        foreach (var used in type.Methods.SelectMany(Of)) yield return used;
    }

    private static IEnumerable<TypeReference> Of(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (var parameter in method.Parameters) yield return parameter.ParameterType;
        if (!method.HasBody) yield break;
        foreach (var variable in method.Body.Variables) yield return variable.VariableType;
        foreach (var operand in method.Body.Instructions.Select(instruction => instruction.Operand))
        {
            if (operand is TypeReference type) yield return type;
            if (operand is not MemberReference { DeclaringType: { } declaring } member) continue;
            yield return declaring;
            if (member is FieldReference field) yield return field.FieldType;
            if (member is not MethodReference called) continue;
            yield return called.ReturnType;
            foreach (var parameter in called.Parameters) yield return parameter.ParameterType;
            if (called is GenericInstanceMethod generic)
                foreach (var argument in generic.GenericArguments) yield return argument;
        }
    }

    /// <summary>A type without array, pointer or reference around it, and the arguments of a generic one.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };

    private static string Name(TypeReference type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type.FullName.Split('`')[0];
    }

    private static string AssemblyOf(TypeReference type, AssemblyDefinition own) =>
        type.Scope is AssemblyNameReference other ? other.Name : own.Name.Name;
}
