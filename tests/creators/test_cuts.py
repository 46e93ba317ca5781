"""Passages split and joined: what they say, when and who, their vectors and counts, and what an ingest keeps of it."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creators.ingest import cuts, find_sources, ingest, shape
from creators.models import Chunk, Creator, Embedding, Recut, Work
from tests.creators.test_shape import EMBEDDER, SENTENCES, again, counted, kept, read
from tests.strength import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator() -> Creator:
    return Creator.objects.create(slug="somebody", name="Somebody")


@pytest.fixture
def chunks(creator: Creator, tmp_path: Path) -> list[Chunk]:
    read(creator, tmp_path, " ".join(SENTENCES))
    return again(creator)


def told(chunks: list[Chunk]) -> list[tuple[object, ...]]:
    return [(one.position, one.text, one.marks, one.start_seconds, one.end_seconds) for one in chunks]


def subtitles(creator: Creator, folder: Path) -> list[Chunk]:
    """Read captions of two people, ten seconds a sentence."""
    said = [f"<v {'Somebody' if n % 4 else 'Ana'}>{one}" for n, one in enumerate(SENTENCES)]
    cues = (f"00:{n // 6:02}:{n % 6}0.000 --> 00:{n // 6:02}:{n % 6}9.000\n{one}" for n, one in enumerate(said))
    (folder / "b.vtt").write_text("WEBVTT\n\n" + "\n\n".join(cues))
    list(ingest(creator, find_sources([folder]), embedder=EMBEDDER))
    return again(creator)


def test_it_splits_a_passage_and_keeps_all_that_is_said(creator: Creator, chunks: list[Chunk]) -> None:
    cuts.split(chunks[1], before=3, embedder=EMBEDDER)
    now = again(creator)
    said = chunks[1].as_ingested.sentences
    assert [one.position for one in now] == list(range(len(chunks) + 1))
    assert (now[1].as_ingested.sentences, now[2].as_ingested.sentences) == (said[:3], said[3:])
    assert [one.text for one in now[3:]] == [one.text for one in chunks[2:]]


def test_it_embeds_the_new_passages_and_counts_their_terms(creator: Creator, chunks: list[Chunk]) -> None:
    cuts.split(chunks[1], before=3, embedder=EMBEDDER)
    cuts.join(again(creator)[0], embedder=EMBEDDER)
    assert not again(creator)[0].creator.works.filter(chunks__embeddings=None).exists()
    assert Embedding.objects.filter(creator=creator).count() == len(chunks)
    assert kept() == counted()


def test_it_joins_two_passages_and_says_once_what_both_said(creator: Creator, chunks: list[Chunk]) -> None:
    cuts.split(chunks[1], before=3, embedder=EMBEDDER)
    cuts.join(again(creator)[0], embedder=EMBEDDER)
    now = again(creator)
    first, second = (one.as_ingested.sentences for one in chunks[:2])
    assert first[-1] == second[0]
    assert now[0].as_ingested.sentences == [*first, *second[1:3]]


def test_it_is_as_it_was_when_what_was_split_is_joined(creator: Creator, chunks: list[Chunk]) -> None:
    cuts.split(chunks[1], before=3, embedder=EMBEDDER)
    cuts.join(again(creator)[1], embedder=EMBEDDER)
    assert told(again(creator)) == told(chunks)
    assert not Recut.objects.exists()


@pytest.mark.parametrize("at", [0, 1])
def test_it_takes_all_cuts_of_a_stretch_back_at_once(creator: Creator, chunks: list[Chunk], at: int) -> None:
    cuts.split(chunks[1], before=3, embedder=EMBEDDER)
    cuts.join(again(creator)[0], embedder=EMBEDDER)
    cuts.undo(again(creator)[at], embedder=EMBEDDER)
    assert told(again(creator)) == told(chunks)
    assert not Recut.objects.exists()
    assert kept() == counted()


def test_it_keeps_times_and_speakers(creator: Creator, tmp_path: Path) -> None:
    before = subtitles(creator, tmp_path)[0]
    cuts.split(before, before=2, embedder=EMBEDDER)
    first, second, *_ = again(creator)
    assert (first.start_seconds, second.start_seconds, second.end_seconds) == (0, 20, before.end_seconds)
    assert first.text.startswith("Ana: ")
    assert second.text.startswith("Somebody: The zyzzyva number 2 ")
    spoken = [one.speaker_at(begin) for one in (first.as_ingested, second.as_ingested) for begin, _ in one.spans]
    assert spoken == [before.as_ingested.speaker_at(begin) for begin, _ in before.as_ingested.spans]


def test_it_keeps_what_was_reworded_and_whose_it_is(creator: Creator, chunks: list[Chunk]) -> None:
    shape.reword(chunks[1], {1: "The quokka rests.", 4: "A numbat digs."}, embedder=EMBEDDER)
    cuts.split(again(creator)[1], before=3, embedder=EMBEDDER)
    first, second = again(creator)[1:3]
    assert (first.revision.texts, second.revision.texts) == ({1: "The quokka rests."}, {1: "A numbat digs."})
    assert "A numbat digs." in second.text
    cuts.undo(second, embedder=EMBEDDER)
    assert again(creator)[1].revision.texts == {1: "The quokka rests.", 4: "A numbat digs."}


def test_it_keeps_both_parts_of_a_hidden_passage_hidden(creator: Creator, chunks: list[Chunk]) -> None:
    shape.hide(chunks[1])
    cuts.split(chunks[1], before=3, embedder=EMBEDDER)
    assert [one.is_hidden for one in again(creator)[:4]] == [False, True, True, False]
    shape.show(again(creator)[1], embedder=EMBEDDER)
    with pytest.raises(cuts.CutError, match="hide all or show all"):
        cuts.undo(again(creator)[1], embedder=EMBEDDER)
    with pytest.raises(cuts.CutError, match="hide both or show both"):
        cuts.join(again(creator)[1], embedder=EMBEDDER)


def test_it_refuses_what_can_not_be_cut_and_changes_nothing(creator: Creator, chunks: list[Chunk]) -> None:
    for before in (0, 99):
        with pytest.raises(cuts.CutError, match="after the first"):
            cuts.split(chunks[1], before=before, embedder=EMBEDDER)
    with pytest.raises(cuts.CutError, match="last passage"):
        cuts.join(chunks[-1], embedder=EMBEDDER)
    shape.reword(chunks[1], {0: "No."}, embedder=EMBEDDER)
    with pytest.raises(cuts.CutError, match="needs 8 words"):
        cuts.split(again(creator)[1], before=1, embedder=EMBEDDER)
    assert len(again(creator)) == len(chunks)


def test_it_refuses_a_passage_that_was_cut_otherwise_meanwhile(chunks: list[Chunk]) -> None:
    cuts.split(chunks[1], before=3, embedder=EMBEDDER)
    with pytest.raises(shape.GoneError, match="cut otherwise meanwhile"):
        cuts.split(chunks[1], before=3, embedder=EMBEDDER)


def test_it_joins_no_more_than_is_searched_well(creator: Creator, chunks: list[Chunk]) -> None:
    cuts.join(chunks[0], embedder=EMBEDDER)
    with pytest.raises(cuts.CutError, match="longer than is searched well"):
        cuts.join(again(creator)[0], embedder=EMBEDDER)


def test_it_keeps_cuts_where_a_changed_file_says_the_same(
    creator: Creator, chunks: list[Chunk], tmp_path: Path
) -> None:
    cuts.split(chunks[0], before=3, embedder=EMBEDDER)
    cut = [one.text for one in again(creator)[:2]]
    assert "shaped" not in read(creator, tmp_path, " ".join([*SENTENCES, "This is new, and it stands at the end."]))
    now = again(creator)
    assert [one.text for one in now[:2]] == cut
    assert [one.position for one in now] == list(range(len(now)))
    assert Embedding.objects.filter(creator=creator).count() == len(now)
    cuts.undo(now[0], embedder=EMBEDDER)
    assert again(creator)[0].text == chunks[0].text


def test_it_says_which_cuts_a_changed_file_drops(creator: Creator, chunks: list[Chunk], tmp_path: Path) -> None:
    cuts.split(chunks[0], before=3, embedder=EMBEDDER)
    told_of = read(creator, tmp_path, " ".join(["Another beginning this is.", *SENTENCES[2:]]))
    assert "2 passages that were shaped at the desk" in told_of
    assert not Recut.objects.exists()
    assert kept() == counted()


def test_it_leaves_what_stands_beside_the_text_where_it_belongs(creator: Creator, chunks: list[Chunk]) -> None:
    work = chunks[1].work
    begin = chunks[1].as_ingested.spans[4][0]
    work.asides = [[1, 0, "noise", "a"], [1, begin, "noise", "b"], [2, 5, "noise", "c"]]
    work.save()
    cuts.split(chunks[1], before=3, embedder=EMBEDDER)
    second = again(creator)[2]
    work.refresh_from_db()
    assert [one[:2] for one in work.asides] == [[1, 0], [2, second.as_ingested.spans[1][0]], [3, 5]]


ACTS = st.lists(st.tuples(st.sampled_from(["split", "join", "undo", "hide", "show", "reword"]), st.integers(0, 5)))


@settings(max_examples=examples(0.2), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(acts=ACTS)
def test_it_holds_whatever_is_done_to_passages(creator: Creator, tmp_path: Path, acts: list[tuple[str, int]]) -> None:
    Work.objects.filter(creator=creator).delete()
    read(creator, tmp_path, " ".join(SENTENCES))
    before = told(again(creator))
    for act, place in acts:
        with suppress(cuts.CutError):
            apply(act, again(creator)[place % len(again(creator))], place)
        now = again(creator)
        assert [one.position for one in now] == list(range(len(now)))
        assert list(dict.fromkeys(one for chunk in now for one in chunk.as_ingested.sentences)) == SENTENCES
        assert all(one.is_hidden != one.embeddings.exists() for one in now)
        assert kept() == counted()
    for one in again(creator):
        restored(one)
    assert told(again(creator)) == before
    assert not Recut.objects.filter(work__creator=creator).exists()


def apply(act: str, chunk: Chunk, place: int) -> None:
    match act:
        case "split":
            cuts.split(chunk, before=place + 1, embedder=EMBEDDER)
        case "join":
            cuts.join(chunk, embedder=EMBEDDER)
        case "undo":
            cuts.undo(chunk, embedder=EMBEDDER)
        case "hide":
            shape.hide(chunk)
        case "show":
            shape.show(chunk, embedder=EMBEDDER)
        case "reword":
            shape.reword(chunk, {0: f"The quokka number {place} rests in the shade of a tree."}, embedder=EMBEDDER)


def restored(chunk: Chunk) -> None:
    """Take back all that was done to a passage, where it is still there."""
    for one in again(chunk.creator):
        shape.show(one, embedder=EMBEDDER)
        shape.restore(one, embedder=EMBEDDER)
    for one in Chunk.objects.filter(pk=chunk.pk):
        cuts.undo(one, embedder=EMBEDDER)


def test_it_rewords_a_passage_that_has_moved_meanwhile(creator: Creator, chunks: list[Chunk]) -> None:
    moved = chunks[2]
    cuts.split(chunks[0], before=3, embedder=EMBEDDER)
    shape.reword(moved, {1: "Put right."}, embedder=EMBEDDER)
    assert [one.pk for one in again(creator) if "Put right." in one.text] == [moved.pk]


def test_it_says_that_a_passage_to_hide_is_no_more(chunks: list[Chunk]) -> None:
    cuts.split(chunks[0], before=3, embedder=EMBEDDER)
    with pytest.raises(shape.GoneError, match="cut otherwise meanwhile"):
        shape.hide(chunks[0])
