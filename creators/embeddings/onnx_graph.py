"""BERT or MPNet as an ONNX graph, built from its weights; imported on the first start only, as onnx is slow to load."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors import SafetensorError
from safetensors.numpy import load_file

from creators.embeddings.adapter import AS_QUESTION, DOWN, UP, question_adapter
from creators.embeddings.folder import PUBLISHED, Model, Shape
from creators.embeddings.mpnet import BIAS, BUCKETS, as_bert
from creators.embeddings.weights import FolderError, check, sha256


class GraphBuilder:
    """Collects operators and constants in the order in which they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, operator: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        """Append an operator and return the name of its only output."""
        name = f"{operator}_{len(self.nodes)}"
        result = output or f"{name}_out"
        self.nodes.append(helper.make_node(operator, list(inputs), [result], name=name, **attributes))
        return result

    def constant(self, value: npt.NDArray[Any]) -> str:
        """Keep an array in the graph and return its name."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def number(self, value: float) -> str:
        """Keep one float."""
        return self.constant(np.array(value, dtype=np.float32))

    def integer(self, value: int) -> str:
        """Keep one integer without a dimension, as an axis wants it."""
        return self.constant(np.array(value, dtype=np.int64))

    def integers(self, *values: int) -> str:
        """Keep a row of integers, as shapes and lists of axes want it."""
        return self.constant(np.array(values, dtype=np.int64))


OPSET = 20  # the first with Gelu as one operator
IR_VERSION = 10
# Added to the score of a padded position: after the softmax nothing is left of it.
MASKED = -10_000.0

Tensors = Mapping[str, npt.NDArray[np.float32]]


def build_graph(tensors: Tensors, *, shape: Shape, name: str) -> onnx.ModelProto:
    """Return the model: ``input_ids`` and ``attention_mask`` (batch, length) to unit ``embedding`` (batch, width).

    That of a cross-encoder takes ``token_type_ids`` too, and gives ``score`` (batch), the log-odds of its label.
    Where the tensors hold a question adapter, ``as_question`` (1) says how much of it is added.
    """
    nodes = GraphBuilder()
    hidden = _embed(nodes, tensors, shape)
    bias = _attention_bias(nodes, tensors)
    for number in range(shape.layers):
        hidden = _layer(nodes, tensors, shape, prefix=f"encoder.layer.{number}", hidden=hidden, bias=bias)
    output = _classify(nodes, tensors, hidden) if shape.pooling == "label" else _pool(nodes, hidden, shape)
    names = ("input_ids", "attention_mask", *(("token_type_ids",) if shape.pooling == "label" else ()))
    inputs = [helper.make_tensor_value_info(one, TensorProto.INT64, ["batch", "length"]) for one in names]
    if any(tensor.endswith(DOWN) for tensor in tensors):
        inputs.append(helper.make_tensor_value_info(AS_QUESTION, TensorProto.FLOAT, [1]))
    graph = helper.make_graph(nodes.nodes, name, inputs, [output], nodes.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    return model


def _embed(nodes: GraphBuilder, tensors: Tensors, shape: Shape) -> str:
    # Counting the mask gives positions whose shape is known to be (batch, length); with a slice of the table
    # onnxruntime can't prove the shapes equal and leaves every addition and normalisation unfused.
    one = nodes.integer(1)
    positions = nodes.add("Sub", nodes.add("CumSum", "attention_mask", one), one)
    words = nodes.constant(tensors["embeddings.word_embeddings.weight"])
    segments = tensors["embeddings.token_type_embeddings.weight"]
    is_pair = shape.pooling == "label"
    # A text by itself has one kind of segment, so its vector is added to each position beforehand.
    places = nodes.constant(tensors["embeddings.position_embeddings.weight"] + (0 if is_pair else segments[0]))
    total = nodes.add("Add", nodes.add("Gather", words, "input_ids"), nodes.add("Gather", places, positions))
    if is_pair:
        total = nodes.add("Add", total, nodes.add("Gather", nodes.constant(segments), "token_type_ids"))
    return _normalise(nodes, tensors, shape, name="embeddings.LayerNorm", value=total)


def _attention_bias(nodes: GraphBuilder, tensors: Tensors) -> str:
    mask = nodes.add("Cast", nodes.add("Unsqueeze", "attention_mask", nodes.integers(1, 2)), to=TensorProto.FLOAT)
    bias = nodes.add("Mul", nodes.add("Sub", nodes.number(1.0), mask), nodes.number(MASKED))
    if BIAS not in tensors:
        return bias
    length = nodes.add("Shape", "attention_mask", start=1, end=2)
    square = nodes.add("Concat", length, length, axis=0)
    near = nodes.add("Slice", nodes.constant(tensors[BIAS]), nodes.integers(0, 0), square, nodes.integers(1, 2))
    return nodes.add("Add", bias, near)


def _layer(nodes: GraphBuilder, tensors: Tensors, shape: Shape, *, prefix: str, hidden: str, bias: str) -> str:
    attended = _attend(nodes, tensors, shape, prefix=f"{prefix}.attention.self", hidden=hidden, bias=bias)
    projected = _linear(nodes, tensors, name=f"{prefix}.attention.output.dense", value=attended)
    middle = _normalise(
        nodes, tensors, shape, name=f"{prefix}.attention.output.LayerNorm", value=nodes.add("Add", projected, hidden)
    )
    wide = nodes.add("Gelu", _linear(nodes, tensors, name=f"{prefix}.intermediate.dense", value=middle))
    narrow = _linear(nodes, tensors, name=f"{prefix}.output.dense", value=wide)
    return _normalise(nodes, tensors, shape, name=f"{prefix}.output.LayerNorm", value=nodes.add("Add", narrow, middle))


def _attend(nodes: GraphBuilder, tensors: Tensors, shape: Shape, *, prefix: str, hidden: str, bias: str) -> str:
    def heads(name: str, order: Sequence[int]) -> str:
        flat = _linear(nodes, tensors, name=f"{prefix}.{name}", value=hidden)
        split = nodes.add("Reshape", flat, nodes.integers(0, 0, shape.heads, shape.width // shape.heads))
        return nodes.add("Transpose", split, perm=order)

    query, key, value = heads("query", (0, 2, 1, 3)), heads("key", (0, 2, 3, 1)), heads("value", (0, 2, 1, 3))
    scores = nodes.add("Div", nodes.add("MatMul", query, key), nodes.number((shape.width / shape.heads) ** 0.5))
    shares = nodes.add("Softmax", nodes.add("Add", scores, bias), axis=-1)
    joined = nodes.add("Transpose", nodes.add("MatMul", shares, value), perm=(0, 2, 1, 3))
    return nodes.add("Reshape", joined, nodes.integers(0, 0, shape.width))


def _linear(nodes: GraphBuilder, tensors: Tensors, *, name: str, value: str) -> str:
    product = nodes.add("MatMul", value, nodes.constant(tensors[f"{name}.weight"].T))
    whole = nodes.add("Add", product, nodes.constant(tensors[f"{name}.bias"]))
    if name + DOWN not in tensors:
        return whole
    narrow = nodes.add("MatMul", value, nodes.constant(tensors[name + DOWN].T))
    added = nodes.add("MatMul", nodes.add("Mul", narrow, AS_QUESTION), nodes.constant(tensors[name + UP].T))
    return nodes.add("Add", whole, added)


def _normalise(nodes: GraphBuilder, tensors: Tensors, shape: Shape, *, name: str, value: str) -> str:
    scale, shift = nodes.constant(tensors[f"{name}.weight"]), nodes.constant(tensors[f"{name}.bias"])
    return nodes.add("LayerNormalization", value, scale, shift, axis=-1, epsilon=shape.epsilon)


def _pool(nodes: GraphBuilder, hidden: str, shape: Shape) -> onnx.ValueInfoProto:
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", shape.width])
    if shape.pooling == "first":
        total = nodes.add("Gather", hidden, nodes.integer(0), axis=1)
        nodes.add("Div", total, nodes.add("ReduceL2", total, nodes.integers(1), keepdims=1), output="embedding")
        return output
    mask = nodes.add("Cast", nodes.add("Unsqueeze", "attention_mask", nodes.integers(2)), to=TensorProto.FLOAT)
    # The mean's divisor would cancel out against the length below, so the sum is enough.
    total = nodes.add("ReduceSum", nodes.add("Mul", hidden, mask), nodes.integers(1), keepdims=0)
    length = nodes.add("ReduceL2", total, nodes.integers(1), keepdims=1)
    nodes.add("Div", total, length, output="embedding")
    return output


def _classify(nodes: GraphBuilder, tensors: Tensors, hidden: str) -> onnx.ValueInfoProto:
    if len(tensors["classifier.weight"]) != 1:
        raise ValueError("the classifier has several labels")
    first = nodes.add("Gather", hidden, nodes.integer(0), axis=1)
    pooled = nodes.add("Tanh", _linear(nodes, tensors, name="pooler.dense", value=first))
    label = _linear(nodes, tensors, name="classifier", value=pooled)
    nodes.add("Squeeze", label, nodes.integers(1), output="score")
    return helper.make_tensor_value_info("score", TensorProto.FLOAT, ["batch"])


def write_graph(target: Path, *, int8: bool, model: Model) -> None:
    """Build the graph from the model's weights and write it; raises ``WeightsError`` where they can't be used."""
    if model.name == PUBLISHED:
        check(model.weights.model, digest=model.digest)
    elif sha256(model.weights.model) != model.digest:
        raise FolderError("holds a model.safetensors that has just changed: start again")
    try:
        loaded = load_file(model.weights.model)
        tensors = {_bare(name): np.asarray(value, np.float32) for name, value in loaded.items()}
        if model.name == PUBLISHED:
            tensors |= question_adapter()
        if BUCKETS in tensors:
            tensors = {**as_bert(tensors, tokens=model.shape.tokens)}
        graph = build_graph(tensors, shape=model.shape, name=model.name)
    except (KeyError, TypeError, ValueError, SafetensorError, onnx.checker.ValidationError) as error:
        raise FolderError(f"holds weights that are not those of its config.json ({type(error).__name__})") from None
    if int8:
        _quantise(graph, target)
    else:
        onnx.save(graph, str(target))


def _bare(name: str) -> str:
    return name.removeprefix("bert.").removeprefix("mpnet.")


def _quantise(model: onnx.ModelProto, target: Path) -> None:
    # Tells onnxruntime not to ask, in the root logger, for a clean-up that this graph has no need of.
    model.metadata_props.add(key="onnx.quant.pre_process", value="onnxruntime.quant")
    # Signed weights: on processors with VNNI they run half as fast again as unsigned ones.
    quantize_dynamic(
        model,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )
