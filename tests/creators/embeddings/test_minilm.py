"""The embedded model against vectors that PyTorch made from the same weights."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from creators.embeddings import SpaceSpec
from creators.embeddings.minilm import MiniLM

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))
TEXTS = [entry["text"] for entry in GOLDEN]
VECTORS = np.array([entry["vector"] for entry in GOLDEN], dtype=np.float32)
QUESTION = "My kick vanishes as soon as the bass comes in. What do I do?"
ANSWER = "So duck the low end by three dB for as long as the drum sounds, with a fast attack and a release in time."
ASIDE = "The kick and the bass were the first things that I ever recorded, in the kitchen of my parents."


@pytest.mark.parametrize("number", range(len(GOLDEN)))
def test_it_gives_the_vectors_of_the_original(minilm: MiniLM, number: int) -> None:
    vector = minilm.embed_passages([TEXTS[number]])[0]
    assert vector @ VECTORS[number] > 0.99999


def test_it_gives_them_in_batches_of_mixed_length_too(minilm: MiniLM) -> None:
    vectors = minilm.embed_passages(TEXTS)
    assert (vectors * VECTORS).sum(axis=1).min() > 0.99999


def test_it_returns_unit_vectors(minilm: MiniLM) -> None:
    vectors = minilm.embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_it_keeps_the_order_of_the_texts(minilm: MiniLM) -> None:
    assert np.allclose(minilm.embed_passages(TEXTS[::-1])[::-1], minilm.embed_passages(TEXTS), atol=1e-4)


def test_it_gives_a_text_the_same_vector_alone_and_in_company(minilm: MiniLM) -> None:
    alone = np.concatenate([minilm.embed_passages([text]) for text in TEXTS])
    assert np.allclose(minilm.embed_passages(TEXTS), alone, atol=1e-4)


def test_it_is_deterministic(minilm: MiniLM) -> None:
    assert np.array_equal(minilm.embed_passages(TEXTS), minilm.embed_passages(TEXTS))


def test_it_gives_a_sentence_the_vector_that_it_has_as_a_passage(minilm: MiniLM) -> None:
    assert np.allclose(minilm.embed_sentences(TEXTS), minilm.embed_passages(TEXTS), atol=1e-4)


def test_it_turns_a_question_towards_what_answers_it(minilm: MiniLM) -> None:
    answer, aside = minilm.embed_passages([ANSWER, ASIDE])
    asked, plain = minilm.embed_questions([QUESTION])[0], minilm.embed_sentences([QUESTION])[0]
    assert (answer - aside) @ asked > (answer - aside) @ plain


def test_it_takes_no_texts_at_all(minilm: MiniLM) -> None:
    assert minilm.embed_passages([]).shape == (0, 384)
    assert minilm.embed_questions([]).shape == (0, 384)


def test_it_leaves_out_what_is_past_256_tokens(minilm: MiniLM) -> None:
    long = "loud " * 254
    vectors = minilm.embed_passages([long, long + "and then very quiet"])
    assert np.allclose(vectors[0], vectors[1], atol=1e-5)


def test_it_serves_many_threads_at_once(models_dir: Path) -> None:
    fresh = MiniLM(models_dir=models_dir)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: fresh.embed_questions(TEXTS[:3]), range(8)))
    assert all(np.allclose(result, results[0], atol=1e-5) for result in results)


def test_it_names_a_space_for_each_precision(minilm: MiniLM, int8: MiniLM) -> None:
    assert minilm.space == SpaceSpec(name="all-MiniLM-L6-v2/fp32", dimensions=384)
    assert int8.space == SpaceSpec(name="all-MiniLM-L6-v2/int8", dimensions=384)


def test_it_stays_close_to_the_original_in_int8(int8: MiniLM) -> None:
    cosines = (int8.embed_passages(TEXTS) * VECTORS).sum(axis=1)
    # Real passages and questions lie at .995; an empty text or bare punctuation suffers more.
    sentences = [len(text.split()) >= 5 for text in TEXTS]
    assert cosines[sentences].mean() > 0.99
    assert cosines.min() > 0.97


def test_it_gives_equal_int8_vectors_alone_and_in_company(int8: MiniLM) -> None:
    alone = np.concatenate([int8.embed_passages([text]) for text in TEXTS])
    assert np.allclose(int8.embed_passages(TEXTS), alone, atol=1e-6)


def test_it_refuses_a_precision_that_it_does_not_have(models_dir: Path) -> None:
    unknown: Any = "int4"
    with pytest.raises(ValueError, match="int4"):
        MiniLM(models_dir=models_dir, precision=unknown)
