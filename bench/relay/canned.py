"""One real retrieval, made once and given again to every question: the relay is measured, the search is not."""

import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

from creators.embeddings import SpaceSpec

if TYPE_CHECKING:
    from chat.retrieval import Retrieved

QUESTION = "How much pre-delay should a vocal reverb have?"
PASSAGES = 6
DIMENSIONS = 384


class StillEmbedder:
    """An ``Embedder`` in the space of the shipped one, for which every text means the same."""

    @property
    def space(self) -> SpaceSpec:
        return SpaceSpec(name="all-MiniLM-L6-v2/fp32", dimensions=DIMENSIONS)

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.full((len(texts), DIMENSIONS), DIMENSIONS**-0.5, dtype=np.float32)

    def embed_sentences(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self.embed_passages(texts)

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self.embed_passages(texts)


def keep(folder: Path) -> None:
    """Retrieve, and keep what was found for ours, and its sources and prompt for the peers. Needs Django ready."""
    from chat.events.events import Sources
    from chat.events.serialize import payload
    from chat.prompts import compose_answer
    from chat.retrieval import SearchQuery, retrieve, sources_of
    from creators.embeddings import get_embedder

    embedder = get_embedder()
    vector = embedder.embed_questions([QUESTION])[0]
    found = retrieve(SearchQuery(QUESTION, vector, embedder.space.name), creator_id=None, limit=PASSAGES)
    prompt = compose_answer(
        query=QUESTION, passages=found.passages, tier=found.tier, voice=None, weight=0.0, history=()
    )
    said = {"system": prompt.messages[0].content, "sources": payload(Sources(sources_of(found.passages)))}
    (folder / "retrieved.pickle").write_bytes(pickle.dumps(found))
    (folder / "canned.json").write_text(json.dumps(said))


def kept(folder: Path) -> "Retrieved":
    """Return what was retrieved. Needs Django ready."""
    return cast("Retrieved", pickle.loads((folder / "retrieved.pickle").read_bytes()))
