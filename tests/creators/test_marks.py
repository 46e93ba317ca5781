"""What is hidden and preferred stays so where a work is read again and its passages begin elsewhere."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.ingest import carrying, cuts, shape
from creators.ingest.marks import Marked, Sight, carried
from creators.models import Chunk, Creator, Embedding, GlossaryEntry
from creators.transcripts.revision import ChunkText
from creators.transcripts.segments import Mark
from tests.creators.test_shape import EMBEDDER, SENTENCES, again, counted, kept, read

pytestmark = pytest.mark.django_db

TEXT = " ".join(SENTENCES)
LONGER = {"term": "the exceedingly leafy garden of the palm", "heard": ["the garden"], "is_reviewed": True}
"""An entry of the glossary that moves the borders of passages, as each sentence grows by it."""


@pytest.fixture
def creator() -> Creator:
    return Creator.objects.create(slug="somebody", name="Somebody")


@pytest.fixture
def chunks(creator: Creator, tmp_path: Path) -> list[Chunk]:
    read(creator, tmp_path, TEXT)
    return again(creator)


def read_otherwise(creator: Creator, folder: Path) -> str:
    """Read the work with a glossary that has grown meanwhile."""
    GlossaryEntry.objects.create(creator=creator, **LONGER)
    return read(creator, folder, TEXT)


def numbers(chunks: list[Chunk]) -> set[str]:
    """Return which of the sentences stand in these passages."""
    words = {word for chunk in chunks for word in chunk.text.split()}
    return {number for number in map(str, range(len(SENTENCES))) if number in words}


def shown(chunks: list[Chunk]) -> list[Chunk]:
    return [one for one in chunks if not one.is_hidden]


def test_it_keeps_hidden_what_was_hidden_where_borders_move(
    creator: Creator, chunks: list[Chunk], tmp_path: Path
) -> None:
    shape.hide(chunks[1])
    secret, open_ = numbers(chunks) - numbers(shown(again(creator))), numbers(chunks) - numbers([chunks[1]])
    assert "hidden or preferred, as what stood there was" in read_otherwise(creator, tmp_path)
    now = again(creator)
    assert len(now) > len(chunks)
    assert not secret & numbers(shown(now))
    assert open_ <= numbers(shown(now))
    assert kept() == counted()


def test_it_embeds_what_is_cut_off_from_what_is_hidden(creator: Creator, chunks: list[Chunk], tmp_path: Path) -> None:
    shape.hide(chunks[1])
    read_otherwise(creator, tmp_path)
    seen = {one.pk for one in shown(again(creator))}
    assert set(Embedding.objects.filter(creator=creator).values_list("chunk_id", flat=True)) == seen


def test_it_keeps_hidden_what_is_read_again_and_again(creator: Creator, chunks: list[Chunk], tmp_path: Path) -> None:
    shape.hide(chunks[1])
    read_otherwise(creator, tmp_path)
    secret = numbers(chunks) - numbers(shown(again(creator)))
    GlossaryEntry.objects.update(term="the garden of leaves that lies behind the great house")
    read(creator, tmp_path, TEXT)
    assert not secret & numbers(shown(again(creator)))
    GlossaryEntry.objects.all().delete()
    read(creator, tmp_path, TEXT)
    assert not secret & numbers(shown(again(creator)))


def test_it_keeps_preferred_what_mostly_was(creator: Creator, chunks: list[Chunk], tmp_path: Path) -> None:
    shape.prefer(chunks[1], is_preferred=True)
    assert "can't be found" not in read_otherwise(creator, tmp_path)
    preferred = [one for one in again(creator) if one.is_preferred]
    assert preferred
    assert all(2 * len(numbers([one]) & numbers([chunks[1]])) > len(numbers([one])) for one in preferred)


def test_it_tells_of_words_that_go_though_the_passage_stays_hidden(
    creator: Creator, chunks: list[Chunk], tmp_path: Path
) -> None:
    shape.reword(chunks[1], {1: "The quokka rests in the shade of the house."}, embedder=EMBEDDER)
    shape.hide(chunks[1])
    assert "1 passage that was shaped at the desk can't be found" in read_otherwise(creator, tmp_path)
    assert any(one.is_hidden for one in again(creator))


def test_it_keeps_half_a_passage_hidden(creator: Creator, chunks: list[Chunk], tmp_path: Path) -> None:
    cuts.split(chunks[1], before=3, embedder=EMBEDDER)
    shape.hide(again(creator)[2])
    secret = numbers(again(creator)) - numbers(shown(again(creator)))
    read_otherwise(creator, tmp_path)
    assert secret
    assert not secret & numbers(shown(again(creator)))


def test_it_says_before_that_nothing_hidden_is_dropped(creator: Creator, chunks: list[Chunk]) -> None:
    shape.hide(chunks[0])
    shapes, whole = carrying.shapes_of(chunks[0].work), passage(SENTENCES[0:20])
    assert carrying.count_dropped(shapes, hashes=["other"], texts=[whole]) == 0


def passage(sentences: list[str]) -> ChunkText:
    starts = [sum(len(one) + 1 for one in sentences[:at]) for at in range(len(sentences))]
    return ChunkText(" ".join(sentences), tuple(Mark(at, None, None, "", True) for at in starts))


def cut(ends: list[int]) -> list[list[str]]:
    begins = [0, *ends]
    return [SENTENCES[begin:end] for begin, end in zip(begins, [*ends, len(SENTENCES)], strict=True)]


ENDS = st.lists(st.integers(1, len(SENTENCES) - 1), unique=True, max_size=8).map(sorted)


@given(old=ENDS, new=ENDS, hidden=st.sets(st.integers(0, 8)))
def test_it_finds_each_hidden_sentence_again_wherever_passages_begin(
    old: list[int], new: list[int], hidden: set[int]
) -> None:
    before = [Marked(passage(part), is_hidden=at in hidden) for at, part in enumerate(cut(old))]
    found = carried(before, [passage(part) for part in cut(new)])
    sights = [sight for one in found for sight in one.sights]
    expected = [Sight.HIDDEN if one.is_hidden else Sight.SHOWN for one in before for _ in one.said.spans]
    assert sights == expected


def test_it_keeps_hidden_what_is_heard_otherwise_in_its_place() -> None:
    other = "He never lived at that address, says his sister who moved away."
    before = [Marked(passage(SENTENCES[:4])), Marked(passage(SENTENCES[4:8]), is_hidden=True)]
    for place in (4, 5, 7):
        said = [*SENTENCES[:place], other, *SENTENCES[place + 1 : 8]]
        (found,) = carried(before, [passage(said)])
        assert found.sights == (*[Sight.SHOWN] * 4, *[Sight.HIDDEN] * 4), place


def test_it_shows_what_is_new_beside_what_is_hidden() -> None:
    other = "He never lived at that address, says his sister who moved away."
    before = [Marked(passage(SENTENCES[:4])), Marked(passage(SENTENCES[4:8]), is_hidden=True)]
    (found,) = carried(before, [passage([*SENTENCES[:4], other, *SENTENCES[4:8]])])
    assert found.sights == (*[Sight.SHOWN] * 5, *[Sight.HIDDEN] * 4)


def test_it_keeps_hidden_what_was_moved_elsewhere() -> None:
    before = [Marked(passage(SENTENCES[:4])), Marked(passage(SENTENCES[4:8]), is_hidden=True)]
    (found,) = carried(before, [passage([SENTENCES[6], *SENTENCES[:4]])])
    assert [one is Sight.HIDDEN for one in found.sights] == [True, False, False, False, False]
