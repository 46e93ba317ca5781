"""What a creator can be asked about."""

import pytest

from chat.catalogue.questions import topics_for
from creators.models import Creator, GlossaryEntry


def names(slug: str, name: str) -> list[str]:
    return [topic.name for topic in topics_for(slug=slug, name=name)]


def test_it_names_headings_that_are_answered_and_no_titles(corpus: None) -> None:
    found = names("mara-lindqvist", "Mara Lindqvist")
    assert "pre-delay" in found
    assert "compressing a lead vocal" not in found


def test_it_names_no_term_that_is_never_spoken_of(corpus: None) -> None:
    mara = Creator.objects.get(slug="mara-lindqvist")
    GlossaryEntry.objects.create(creator=mara, term="Sourdough bread", is_reviewed=True)
    assert "Sourdough bread" not in names("mara-lindqvist", "Mara Lindqvist")


def test_it_names_nothing_of_somebody_without_works(corpus: None) -> None:
    Creator.objects.create(slug="nobody-yet", name="Nobody Yet")
    assert names("nobody-yet", "Nobody Yet") == []


@pytest.mark.parametrize("heading", ["In short", "Dry first, then wet and so on"])
def test_it_asks_what_it_says(corpus: None, heading: str) -> None:
    assert heading.lower() not in names("mara-lindqvist", "Mara Lindqvist")
