"""A work as a page to read."""

from datetime import date

import pytest

from chat.catalogue.transcript import transcript_of
from creators.models import Chunk, Creator, Work


@pytest.fixture
def work(db: None) -> Work:
    creator = Creator.objects.create(slug="ann", name="Ann")
    return Work.objects.create(creator=creator, slug="talk", title="Talk", source="t", published=date(2025, 1, 2))


def add(work: Work, text: str, marks: list[list[object]], *, heading: str = "") -> None:
    position = work.chunks.count()
    Chunk.objects.create(
        work=work, creator=work.creator, position=position, text=text, marks=marks, heading=heading, words=1
    )


def test_it_gives_every_second_one_anchor(work: Work) -> None:
    add(work, "One. Two. Three.", [[0, 1.2, 2, ""], [5, 1.8, 3, ""], [10, 4.0, 5, ""]])
    found = transcript_of("talk")
    assert found
    assert [block.anchor for block in found.paragraphs[0].blocks] == ["t-1", "", "t-4"]


def test_it_finds_the_piece_that_is_being_said(work: Work) -> None:
    add(work, "One. Two.", [[0, 1.0, 2, ""], [5, 60.0, 63, ""]])
    found = transcript_of("talk")
    assert found
    assert [found.anchor_at(second) for second in (0.0, 59.9, 61.0, 900.0)] == ["t-1", "t-1", "t-60", "t-60"]


def test_it_says_an_overlap_once(work: Work) -> None:
    add(work, "One. Two.", [[0, 1.0, 2, ""], [5, 3.0, 4, ""]])
    add(work, "Two. Three.", [[0, 3.0, 4, ""], [5, 5.0, 6, ""]])
    found = transcript_of("talk")
    assert found
    assert [block.text for part in found.paragraphs for block in part.blocks] == ["One.", "Two.", "Three."]


def test_it_breaks_paragraphs_at_lines_and_shows_a_heading_once(work: Work) -> None:
    add(work, "One.\nTwo.", [[0, None, None, ""]], heading="Talk › Start")
    found = transcript_of("talk")
    assert found
    assert [(part.heading, part.blocks[0].text) for part in found.paragraphs] == [("Start", "One."), ("", "Two.")]


def test_it_shows_no_withdrawn_work(work: Work) -> None:
    Work.objects.update(is_withdrawn=True)
    assert transcript_of("talk") is None


def cited(slug: str, *edges: str, at: float | None = None) -> list[str]:
    found = transcript_of(slug)
    assert found
    shown = found.marked(found.find_quote(edges, at=at))
    return [part.text for block in shown.blocks for part in block.runs if part.is_cited]


def test_it_marks_a_sentence_over_several_pieces(work: Work) -> None:
    add(work, "Go on. Cut first, cry never. So.", [[0, 1.0, 2, ""], [18, 3.0, 4, ""]])
    assert cited("talk", "Cut first, cry never.") == ["Cut first, ", "cry never."]


def test_it_marks_a_sentence_that_two_chunks_share_once(work: Work) -> None:
    add(work, "One. Two.", [[0, 1.0, 2, ""], [5, 3.0, 4, ""]])
    add(work, "Two. Three.", [[0, 3.0, 4, ""], [5, 5.0, 6, ""]])
    assert cited("talk", "Two. Three.") == ["Two.", "Three."]


def test_it_marks_the_piece_of_a_second(work: Work) -> None:
    add(work, "One. Two.", [[0, 1.0, 2, ""], [5, 60.0, 63, ""]])
    found = transcript_of("talk")
    assert found
    assert [block.text for block in found.marked(found.spans_at(61.0)).blocks if block.begins] == ["Two."]


def test_it_gives_every_chapter_an_anchor_of_its_own(work: Work) -> None:
    for text, heading in (("One.", "Mix it"), ("Two.", "Über"), ("Three.", "Mix it")):
        add(work, text, [[0, None, None, ""]], heading=heading)
    found = transcript_of("talk")
    assert found
    assert [chapter.anchor for chapter in found.chapters] == ["c-mix-it", "c-über", "c-mix-it-2"]


def test_it_says_how_long_it_lasts_and_in_which_language(work: Work) -> None:
    add(work, "One.", [[0, 1.0, 2, ""]])
    Chunk.objects.update(end_seconds=3900.0)
    Work.objects.update(language="de")
    found = transcript_of("talk")
    assert found
    assert (found.length, found.language) == ("1 h 5 min", "German")


def test_it_says_an_overlap_once_where_it_begins_with_a_name(work: Work) -> None:
    add(work, "Ann: One. Two.", [[0, 1.0, 2, "Ann"], [10, 3.0, 4, "Ann"]])
    add(work, "Ann: Two.\nBen: Three.", [[0, 3.0, 4, "Ann"], [10, 5.0, 6, "Ben"]])
    found = transcript_of("talk")
    assert found
    assert [block.text for part in found.paragraphs for block in part.blocks] == ["Ann: One.", "Two.", "Ben: Three."]


def test_it_keeps_the_name_of_whoever_speaks_first(work: Work) -> None:
    add(work, "Ann: One. Two.", [[0, 1.0, 2, "Ann"], [5, 1.0, 2, "Ann"], [10, 3.0, 4, "Ann"]])
    found = transcript_of("talk")
    assert found
    assert found.paragraphs[0].blocks[0].text == "Ann: One."


def test_it_says_nothing_twice_of_a_conversation(corpus: None) -> None:
    found = transcript_of("loudness-and-delivery")
    assert found
    texts = [block.text.partition(": ")[2] or block.text for block in found.blocks]
    assert len([text for text in texts if len(text) > 25]) == len({text for text in texts if len(text) > 25})


def test_it_shows_asides_where_they_stand_and_quotes_none(work: Work) -> None:
    add(work, "One. Two.", [[0, 1.0, 2, ""], [5, 3.0, 4, ""]])
    asides = [[0, 5, "noise", "[Music]"], [0, 5, "sponsor", "Use code TWO."], [1, 0, "noise", "Made by a tool"]]
    Work.objects.update(asides=asides)
    found = transcript_of("talk")
    assert found
    texts = [[block.text for block in part.blocks] for part in found.paragraphs]
    assert texts == [["One.", "[Music]"], ["Use code TWO."], ["Two."], ["Made by a tool"]]
    assert [part.is_sponsor for part in found.paragraphs] == [False, True, False, False]
    assert found.find_quote(["music"], at=None) == ()
    assert len(found.find_quote(["One. Two."], at=None)) == 4
