"""What there is in the sandbox in place of a corpus: one creator, two works of a passage each, and vectors of texts."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.events.events import Source, Tier
from chrysopedia.core.errors import not_found, unavailable
from creators.embeddings import SpaceSpec

Vectors = npt.NDArray[np.float32]

SITE = "https://sandbox.example"
CREATOR, NAME = "sandbox", "Sandbox"
UNKNOWN = "nobody"
"""What the name of a creator begins with who is not there; all others are taken as they come, and looked up nowhere."""
DIMENSIONS = 384
SUMMARY = "Answers programs that are being written, the same each time."


@dataclass(frozen=True, slots=True)
class SandboxWork:
    """A work of the sandbox, which is one passage long; times are in seconds."""

    number: int

    @property
    def slug(self) -> str:
        """The slug."""
        return f"{CREATOR}-{self.number}"

    @property
    def title(self) -> str:
        """The title."""
        return f"Sandbox session {self.number}"

    @property
    def text(self) -> str:
        """All that is said in it."""
        return f"What is said in session {self.number} of the sandbox."

    @property
    def source(self) -> Source:
        """Its passage, as a source of this number."""
        start = 60.0 * self.number
        return Source(
            number=self.number,
            title=self.title,
            creator=NAME,
            creator_slug=CREATOR,
            work=self.slug,
            kind="video",
            url=f"{SITE}/watch?v={self.number}&t={start - 2:g}",
            start_seconds=start,
            end_seconds=start + 20,
            tier=Tier.CREATOR,
            relevance=1.0 - self.number / 10,
            excerpt=self.text,
            speaker=NAME,
            published="2026-01-01",
        )


WORKS = (SandboxWork(1), SandboxWork(2))


def require_known(creator: str | None) -> None:
    """Raise ``Problem`` 404 for a creator who is not there."""
    if creator and creator.casefold().startswith(UNKNOWN):
        raise not_found("creator", hint="In the sandbox each is there whose name doesn't begin with nobody.")


def work_named(slug: str) -> SandboxWork:
    """Return the work with this slug; raises ``Problem`` 404."""
    for work in WORKS:
        if work.slug == slug:
            return work
    raise not_found("work", hint=f"The sandbox has {' and '.join(work.slug for work in WORKS)}.")


def found(query: str, *, creator: str | None, limit: int) -> tuple[SandboxWork, ...]:
    """Return what a search finds: nothing for ``sandbox:none``; raises ``Problem`` 503 for ``sandbox:unavailable``."""
    require_known(creator)
    if query.casefold().strip().startswith("sandbox:unavailable"):
        raise unavailable("The sandbox was asked for an error.")
    return () if query.casefold().strip().startswith("sandbox:none") else WORKS[:limit]


class SandboxEmbedder:
    """An embedder whose vectors mean nothing: of length 1, the same for the same text."""

    space = SpaceSpec("sandbox", DIMENSIONS)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text."""
        return np.array([_vector(text) for text in texts], np.float32)

    embed_sentences = embed_questions = embed_passages


def _vector(text: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    drawn = np.random.default_rng(seed).standard_normal(DIMENSIONS)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)
