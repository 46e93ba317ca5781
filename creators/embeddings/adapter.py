"""The question adapter: small matrices that turn a question's vector towards the passages that answer it."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file

FILE = Path(__file__).with_name("question_adapter.safetensors")
"""Low-rank matrices beside the layers of all-MiniLM-L6-v2 (LoRA: Hu et al., 2021), made by ``python -m bench.adapter``.

Passages are embedded without them, so no vector of a corpus changes with them."""

AS_QUESTION = "as_question"
"""The graph's input that says how much of the adapter is added: 1 for questions, 0 for anything else."""
DOWN, UP = ".lora_down", ".lora_up"
"""What the names of an adapter's two matrices end on, after that of the layer they are added to."""


def question_adapter() -> Mapping[str, npt.NDArray[np.float32]]:
    """Return the adapter's matrices by name: ``down`` is (rank, inputs), ``up`` (outputs, rank)."""
    return {name: np.asarray(value, np.float32) for name, value in load_file(FILE).items()}


@cache
def adapter_digest() -> str:
    """Return the sha256 of the adapter's file, by which a graph that was built with another one is told apart."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()
