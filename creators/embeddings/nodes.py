"""A list of ONNX nodes that grows one operator at a time and names the values between them."""

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper


class Nodes:
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
