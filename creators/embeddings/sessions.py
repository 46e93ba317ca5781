"""How onnxruntime is set up: passages take the whole machine, questions one thread of their own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

Tokens = Sequence[int]


def passage_session(graph: Path, *, threads: int) -> ort.InferenceSession:
    """Return a session for ingest; ``threads`` 0 takes every core."""
    return _session(graph, _options(threads=threads))


def question_session(graph: Path) -> ort.InferenceSession:
    """Return a session for questions, which a running ingest can't hold up.

    A shared pool makes a question wait for the batch's work; a pool that spins steals the core it waits on.
    """
    options = _options(threads=1)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return _session(graph, options)


def run(session: ort.InferenceSession, batch: Sequence[Tokens]) -> npt.NDArray[np.float32]:
    """Return a unit vector for each row of tokens, padded to the longest of them."""
    ids = np.zeros((len(batch), max(len(tokens) for tokens in batch)), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    vectors: npt.NDArray[np.float32] = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
    return vectors


def _options(*, threads: int) -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # An arena keeps the most it ever held, and a memory pattern is kept for each shape seen: texts have many lengths.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    return options


def _session(graph: Path, options: ort.SessionOptions) -> ort.InferenceSession:
    return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
