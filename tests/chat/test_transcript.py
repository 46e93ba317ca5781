"""A work as a page to read."""

from datetime import date

import pytest

from chat.transcript import transcript
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
    found = transcript("talk")
    assert found
    assert [piece.anchor for piece in found.paragraphs[0].pieces] == ["t-1", "", "t-4"]


def test_it_finds_the_piece_that_is_being_said(work: Work) -> None:
    add(work, "One. Two.", [[0, 1.0, 2, ""], [5, 60.0, 63, ""]])
    found = transcript("talk")
    assert found
    assert [found.anchor_at(second) for second in (0.0, 59.9, 61.0, 900.0)] == ["t-1", "t-1", "t-60", "t-60"]


def test_it_says_an_overlap_once(work: Work) -> None:
    add(work, "One. Two.", [[0, 1.0, 2, ""], [5, 3.0, 4, ""]])
    add(work, "Two. Three.", [[0, 3.0, 4, ""], [5, 5.0, 6, ""]])
    found = transcript("talk")
    assert found
    assert [piece.text for part in found.paragraphs for piece in part.pieces] == ["One.", "Two.", "Three."]


def test_it_breaks_paragraphs_at_lines_and_shows_a_heading_once(work: Work) -> None:
    add(work, "One.\nTwo.", [[0, None, None, ""]], heading="Talk › Start")
    found = transcript("talk")
    assert found
    assert [(part.heading, part.pieces[0].text) for part in found.paragraphs] == [("Start", "One."), ("", "Two.")]


def test_it_shows_no_withdrawn_work(work: Work) -> None:
    Work.objects.update(is_withdrawn=True)
    assert transcript("talk") is None
