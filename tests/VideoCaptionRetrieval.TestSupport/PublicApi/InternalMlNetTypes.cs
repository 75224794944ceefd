using System.Reflection;
using Xunit;

namespace VideoCaptionRetrieval.TestSupport.PublicApi;

/// <summary>
/// Types that ML.NET keeps internal, in signatures that users of ours see. The library compiles against publicized references, so
/// the compiler does not object; here the untouched assemblies are loaded, and say what is visible.
/// </summary>
public static class InternalMlNetTypes
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Asserts that no public or protected signature of an assembly names an internal type of ML.NET.</summary>
    public static void AssertNoneIn(Assembly assembly) => Assert.Empty(FindIn(assembly.GetExportedTypes()));

    /// <summary>Lines "where: type".</summary>
    internal static IReadOnlyList<string> FindIn(params IEnumerable<Type> types) =>
        [.. types.SelectMany(Signatures).SelectMany(use => Parts(use.Type).Where(IsHidden).Select(part => $"{use.Where}: {part}")).Distinct()];

    private static IEnumerable<(string Where, Type Type)> Signatures(Type type)
    {
        var above = type.GetInterfaces().Concat(type.BaseType is { } parent ? [parent] : []).Concat(Constraints(type.GetGenericArguments()));
        return above.Select(used => (type.ToString(), used))
            .Concat(type.GetMembers(Declared).SelectMany(member => Used(member).Select(used => ($"{type}.{member.Name}", used))));
    }

    private static IEnumerable<Type> Used(MemberInfo member) => member switch
    {
        MethodInfo method when IsSeen(method) =>
            method.GetParameters().Select(x => x.ParameterType).Append(method.ReturnType).Concat(Constraints(method.GetGenericArguments())),
        ConstructorInfo constructor when IsSeen(constructor) => constructor.GetParameters().Select(x => x.ParameterType),
        FieldInfo { IsPublic: true } or FieldInfo { IsFamily: true } or FieldInfo { IsFamilyOrAssembly: true } => [((FieldInfo)member).FieldType],
        _ => [],                                        // properties and events: by their accessors; nested types: exported themselves
    };

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static IEnumerable<Type> Constraints(Type[] arguments) =>
        arguments.Where(argument => argument.IsGenericParameter).SelectMany(argument => argument.GetGenericParameterConstraints());

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) return Parts(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(type) : [type];
    }

    private static bool IsHidden(Type type) =>
        !type.IsGenericParameter && !type.IsVisible && type.Assembly.GetName().Name!.StartsWith("Microsoft.ML", StringComparison.Ordinal);
}
