"""A judge that runs in this process: a cross-encoder from a folder, which reads question and passage as one text."""

import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Encoding, Tokenizer

from chat.retrieval.reranking import RerankError
from creators.embeddings import WeightsError
from creators.embeddings.folder import Model, read_judge
from creators.embeddings.minilm import Precision, ensure_graph, one_thread_session
from creators.embeddings.weights import FolderError, Lazy

logger = logging.getLogger(__name__)

LEAST = 4
"""Passages that are judged however long it takes: among fewer there is little to put in order."""
OWNER = "RERANK"
"""What the names of the settings begin with that errors name."""


class CrossEncoder:
    """A ``Reranker`` from a folder of sentence-transformers; safe to share between threads, in each of which it works.

    It judges as many of the first texts as ``timeout`` seconds allow, but ``LEAST``. ``models_dir`` keeps the built
    graph, and ``digest`` is the sha256 that the weights must have.
    """

    def __init__(
        self,
        *,
        models_dir: Path | str,
        model_dir: Path | str,
        digest: str = "",
        precision: Precision = "fp32",
        timeout: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._precision: Precision = precision
        self._timeout = timeout
        self._clock = clock
        self._model = Lazy(lambda: _read(Path(model_dir), digest=digest))
        self._tokenizer = Lazy(lambda: _load_tokenizer(self._model()))
        self._session = Lazy(lambda: _load_session(self._model(), Path(models_dir), precision=precision))

    @property
    def name(self) -> str:
        """A digest of all that makes scores, without the folder: it may move. Raises ``WeightsError``."""
        with _naming_the_setting():
            return f"{self._model().name}/{self._precision}"

    def prepare(self) -> None:
        """Build the graph where it is missing, load everything and judge once; raises ``WeightsError``."""
        with _naming_the_setting():
            tokenizer, session = self._tokenizer(), self._session()
            try:
                _log_odds(session, _pair(tokenizer, "", "", most=self._model().shape.tokens))
            except RerankError as error:
                raise FolderError(f"holds a model that can't be used: {error}") from None

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return the log-odds that the first of the texts answer; raises ``RerankError``."""
        until = self._clock() + self._timeout
        try:
            with _naming_the_setting():
                tokenizer, session, most = self._tokenizer(), self._session(), self._model().shape.tokens
        except WeightsError as error:
            raise RerankError(error.reason) from None
        found: list[float] = []
        ended = self._clock()
        # One by one: read together they are padded, and four took a third more of the processor.
        for text in texts:
            found.append(_log_odds(session, _pair(tokenizer, query, text, most=most)))
            began, ended = ended, self._clock()
            # The next one would take about as long.
            if len(found) >= LEAST and ended + (ended - began) > until:
                break
        return found


def _pair(tokenizer: Tokenizer, query: str, text: str, *, most: int) -> Encoding:
    """Return both as one text of ``most`` tokens; it is the passage's end that is cut.

    Of a question that would take more than half, the end is kept: what was said before goes before what is asked.
    """
    first, second = (tokenizer.encode(one, add_special_tokens=False) for one in (query, text))
    room = most - tokenizer.num_special_tokens_to_add(is_pair=True)
    first.truncate(max(room // 2, 1), direction="left")
    second.truncate(max(room - len(first.ids), 1))
    return tokenizer.post_process(first, second)


def _log_odds(session: ort.InferenceSession, pair: Encoding) -> float:
    parts = {"input_ids": pair.ids, "token_type_ids": pair.type_ids, "attention_mask": pair.attention_mask}
    try:
        scores = session.run(["score"], {name: np.array([values], np.int64) for name, values in parts.items()})[0]
    except Exception as error:  # onnxruntime raises nothing narrower
        raise RerankError(f"the judge failed ({type(error).__name__})") from None
    score = float(scores[0])
    if not math.isfinite(score):
        raise RerankError("the judge gave scores that are no numbers")
    return score


def _read(folder: Path, *, digest: str) -> Model:
    model = read_judge(folder, digest=digest)
    if not digest:
        logger.info("the judge's weights have the sha256 %s: RERANK_MODEL_SHA256 can pin it", model.digest)
    return model


def _load_tokenizer(model: Model) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(model.weights.tokenizer))
    except Exception as error:  # tokenizers raises nothing narrower
        raise FolderError(f"holds a tokenizer.json that can't be used: {error}") from None
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _load_session(model: Model, models_dir: Path, *, precision: Precision) -> ort.InferenceSession:
    graph = ensure_graph(models_dir, precision=precision, model=model)
    try:
        return one_thread_session(graph)
    except Exception as error:  # onnxruntime raises nothing narrower
        raise FolderError(f"holds a model that can't be used ({type(error).__name__})") from None


@contextmanager
def _naming_the_setting() -> Iterator[None]:
    try:
        yield
    except FolderError as error:
        raise error.named(OWNER) from None
