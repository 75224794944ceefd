using System.Runtime.InteropServices;
using Google.Protobuf;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>Builds an ONNX graph (IR version 8, opset 17) node by node. Values are named by the strings that its methods return.</summary>
/// <param name="name">The graph's name.</param>
internal sealed class OnnxGraphBuilder(string name)
{
    /// <summary>Version of the ONNX operators: the first with LayerNormalization.</summary>
    internal const int Opset = 17;

    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    internal const string RuntimeDomain = "com.microsoft";

    private const int IrVersion = 8;

    private readonly GraphProto _graph = new() { Name = name };
    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);

    /// <summary>Adds an input.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Sizes: numbers, or names of dynamic dimensions.</param>
    internal string Input(string input, TensorProto.Types.DataType type, params object[] shape)
    {
        _graph.Input.Add(Describe(input, type, shape));
        return input;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <returns>The output.</returns>
    internal string Node(string operation, string[] inputs, params (string Name, object Value)[] attributes) =>
        Node("", operation, inputs, attributes);

    /// <summary>Adds a node of a domain.</summary>
    internal string Node(string domain, string operation, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { Domain = domain, OpType = operation, Name = $"{operation}_{_graph.Node.Count}" };
        node.Input.AddRange(inputs);
        node.Output.Add(node.Name);
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        _graph.Node.Add(node);
        return node.Name;
    }

    /// <summary>Adds a node whose output has a name of its own; the same name is the same node.</summary>
    internal string NamedNode(string output, string operation, string[] inputs, params (string Name, object Value)[] attributes)
    {
        if (!_initializers.Add(output)) return output;
        var node = new NodeProto { OpType = operation, Name = output, Output = { output } };
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        _graph.Node.Add(node);
        return output;
    }

    /// <summary>Adds a constant int64 vector.</summary>
    internal string Integers(params long[] values) => Constant($"integers_{string.Join('_', values)}",
        TensorProto.Types.DataType.Int64, [values.Length], () => MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>Adds a constant int64 scalar.</summary>
    internal string Integer(long value) => Constant($"integer_{value}",
        TensorProto.Types.DataType.Int64, [], () => BitConverter.GetBytes(value));

    /// <summary>Adds a constant float32 scalar.</summary>
    internal string Single(float value) => Constant(Invariant($"single_{value:R}"),
        TensorProto.Types.DataType.Float, [], () => BitConverter.GetBytes(value));

    /// <summary>Adds a constant whose bytes lie in the graph; the same name is the same constant.</summary>
    internal string Constant(string constant, TensorProto.Types.DataType type, IEnumerable<long> shape, Func<byte[]> bytes) =>
        Initializer(constant, () =>
        {
            var tensor = new TensorProto { DataType = type, RawData = UnsafeByteOperations.UnsafeWrap(bytes()) };
            tensor.Dims.AddRange(shape);
            return tensor;
        });

    /// <summary>Adds a constant that the caller describes; the same name is the same constant.</summary>
    internal string Initializer(string initializer, Func<TensorProto> tensor)
    {
        if (!_initializers.Add(initializer)) return initializer;
        var added = tensor();
        added.Name = initializer;
        _graph.Initializer.Add(added);
        return initializer;
    }

    /// <summary>Completes the graph with one output [batch, <paramref name="length"/>].</summary>
    internal ModelProto Finish(string value, string output, long length)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Name = output, Input = { value }, Output = { output } });
        _graph.Output.Add(Describe(output, TensorProto.Types.DataType.Float, "batch", length));
        return new()
        {
            IrVersion = IrVersion,
            ProducerName = "VideoCaptionRetrieval",
            Graph = _graph,
            OpsetImport =
            {
                new OperatorSetIdProto { Version = Opset }, new OperatorSetIdProto { Domain = RuntimeDomain, Version = 1 },
            },
        };
    }

    private static AttributeProto Attribute(string attribute, object value) => value switch
    {
        int number => new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Int, I = number },
        double number => new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Float, F = (float)number },
        long[] numbers => new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Ints, Ints = { numbers } },
        _ => throw new ArgumentException($"Attributes of type {value.GetType()} are not written.", nameof(value)),
    };

    private static ValueInfoProto Describe(string value, TensorProto.Types.DataType type, params object[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = type, Shape = new() };
        tensor.Shape.Dim.AddRange(shape.Select(size => size is string named
            ? new TensorShapeProto.Types.Dimension { DimParam = named }
            : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(size, null) }));
        return new() { Name = value, Type = new() { TensorType = tensor } };
    }
}
