"""What was said, and by whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.models import Chunk, Creator
from creators.persona.statistics import exact_matches
from creators.persona.utterances import MASK, masked, utterances_by
from tests.creators.persona.works import creator_who_said

TALK = "Ann Lee: I measure. Always.\nBob: I guess, always.\nAnn Lee: Not me."
MARKS = [[0, 0.0, 0.0, "Ann Lee"], [9, 0.0, 5.0, "Ann Lee"], [28, 5.0, 9.0, "Bob"], [50, 9.0, 12.0, "Ann Lee"]]


def talk(name: str) -> Creator:
    creator = creator_who_said("ann", TALK, name=name)
    Chunk.objects.filter(creator=creator).update(marks=MARKS)
    return creator


def sentences(creator: Creator) -> list[str]:
    return [said.text[slice(*span)] for said in utterances_by(creator) for span in said.sentences]


@pytest.mark.django_db
def test_it_leaves_out_what_others_say_in_a_talk() -> None:
    assert sentences(talk("Ann Lee")) == ["I measure.", "Always.", "Not me."]


@pytest.mark.django_db
def test_it_takes_everything_where_it_can_not_tell_who_is_who() -> None:
    assert "I guess, always." in sentences(talk("The Show"))


@pytest.mark.django_db
def test_it_finds_nothing_that_others_said_or_that_reaches_over_them() -> None:
    asked = ["I guess", "Always not me", "measure always"]
    assert set(exact_matches(asked, creator=talk("Ann Lee"))) == {"measure always"}


@given(st.text(alphabet="ab. \n"), st.data())
def test_it_masks_without_moving_anything(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cover = masked(text, [(start, end)])
    assert (len(cover), cover[start:end]) == (len(text), text[start:end])
    assert set(cover[:start] + cover[end:]) <= {MASK, " ", "\n"}
