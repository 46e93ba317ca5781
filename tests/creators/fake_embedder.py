"""An embedder for tests that need vectors and not what they mean."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from creators.embeddings import SpaceSpec


class FakeEmbedder:
    """Gives every text the same unit vector."""

    space = SpaceSpec(name="fake/3", dimensions=3)

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.tile(np.array([1, 0, 0], np.float32), (len(texts), 1))

    def embed_sentences(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self.embed_passages(texts)

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self.embed_passages(texts)
