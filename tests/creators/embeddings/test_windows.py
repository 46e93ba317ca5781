"""Windows of sentences: where they lie, and what packing keeps of their vectors."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from creators.embeddings.windows import Texts, cosines, embed_chunks, packed, texts_of, unpacked, window_spans
from tests.creators.fake_embedder import FakeEmbedder

VECTORS = arrays(np.float32, (5, 8), elements=st.floats(-1, 1, width=32).filter(lambda part: abs(part) > 0.01))


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12))
def test_every_sentence_but_the_last_begins_a_window(lengths: list[int]) -> None:
    ends = np.cumsum(lengths).tolist()
    sentences = list(zip([0, *ends], ends, strict=False))
    spans = window_spans(sentences)
    assert [begin for begin, _ in spans] == [begin for begin, _ in sentences[: max(1, len(sentences) - 1)]]
    assert spans[-1][1] == ends[-1]


@given(VECTORS)
def test_packing_keeps_the_direction(vectors: np.ndarray) -> None:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = unpacked(packed(vectors), dimensions=8)
    assert np.all((found * unit).sum(axis=1) > 0.999)


def test_windows_of_another_space_are_none() -> None:
    assert unpacked(b"\x01" * 10, dimensions=8).shape == (0, 8)


@given(VECTORS, st.integers(1, 4))
def test_cosines_of_many_chunks_are_those_of_each(vectors: np.ndarray, first: int) -> None:
    asked = vectors[0] / np.linalg.norm(vectors[0])
    packs = {7: packed(vectors[:first]), 9: b"\x01" * 10, 2: packed(vectors[first:])}
    found = cosines(packs, asked)
    for key, rows in packs.items():
        assert np.allclose(found[key], unpacked(rows, dimensions=8) @ asked, atol=1e-5)


def test_a_chunk_without_a_sentence_has_no_window() -> None:
    assert texts_of(heading="", text=" ", marks=()).windows == ()


def test_the_heading_goes_with_the_whole_and_not_with_its_windows() -> None:
    found = texts_of(heading="Kick", text="Cut at 40 Hz. Then listen.", marks=())
    assert found == Texts("Kick\nCut at 40 Hz. Then listen.", ("Cut at 40 Hz. Then listen.",))


def test_each_chunk_gets_its_own_windows() -> None:
    texts = [texts_of(heading="", text=text, marks=()) for text in ("One is. Two are. Three go.", "Four come.")]
    sizes = [len(one.windows) for one in embed_chunks(texts, embedder=FakeEmbedder())]
    assert sizes == [2 * FakeEmbedder().space.dimensions, FakeEmbedder().space.dimensions]
