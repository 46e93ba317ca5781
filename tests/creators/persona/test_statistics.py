"""Drafts by counting: what one creator says and others don't."""

import pytest

from creators.models import Creator, PersonalityDraft
from creators.persona.statistics import draft_by_counting
from creators.persona.utterances import DraftingError, Trait
from tests.creators.persona.works import add_work, creator_who_said, unpublish_all

pytestmark = pytest.mark.django_db

PLAIN = "We look at it and then we say what it is. "
OWN = "Okay, keep in mind the marmalade, obviously the marmalade, in a biscuit. "


@pytest.fixture
def others() -> Creator:
    return creator_who_said("plain", PLAIN * 20, PLAIN * 20)


def traits(creator: Creator) -> dict[str, Trait]:
    return {trait.trait: trait for trait in draft_by_counting(creator).traits}


def test_it_finds_what_marks_the_voice_of_one_creator(others: Creator) -> None:
    found = traits(creator_who_said("own", PLAIN + OWN * 3, OWN * 3 + PLAIN))
    assert (found["obviously"].part, found["keep in mind"].part) == ("vocabulary", "phrases")


def test_it_takes_no_word_of_a_subject_however_often_it_is_said(others: Creator) -> None:
    found = traits(creator_who_said("own", OWN * 3, OWN * 3))
    assert not [trait for trait in found if "marmalade" in trait or "biscuit" in trait]


def test_it_shows_each_in_verbatim_sentences_of_several_works(others: Creator) -> None:
    quotes = traits(creator_who_said("own", OWN * 3, OWN * 3))["obviously"].quotes
    assert {quote.work for quote in quotes} == {"own-1", "own-2"}
    assert all(quote.quote == OWN.strip() for quote in quotes)
    assert quotes[1].seconds == pytest.approx(100 / 3, abs=1)


def test_it_passes_over_what_one_of_several_works_says_alone(others: Creator) -> None:
    creator = creator_who_said("own", OWN * 6, "You know, I mean it. " * 6)
    with pytest.raises(DraftingError, match="too little"):
        draft_by_counting(creator)


def test_it_asks_for_two_chunks_where_there_is_one_work(others: Creator) -> None:
    creator = creator_who_said("own")
    add_work(creator, "own-1", OWN * 3, OWN * 3)
    assert "obviously" in traits(creator)


def test_it_counts_a_sentence_that_two_chunks_share_once(others: Creator) -> None:
    creator = creator_who_said("own")
    add_work(creator, "own-1", PLAIN + OWN, OWN + PLAIN)
    with pytest.raises(DraftingError, match="too little"):
        draft_by_counting(creator)


def test_it_takes_no_name_for_a_mark(others: Creator) -> None:
    found = traits(creator_who_said("own", OWN * 6, OWN * 6, name="Okay Brown"))
    assert "obviously" in found
    assert "okay" not in found


def test_it_tells_how_somebody_talks() -> None:
    creator_who_said("plain", PLAIN * 120)
    creator = creator_who_said("own", "Why is that so? Now I go there. " * 40, "Why is that so? Now I go there. " * 40)
    parts = {trait.trait: trait.part for trait in draft_by_counting(creator).traits}
    assert parts["asks a question, one sentence in 2"] == "habits"
    assert parts["begins with “Now”, one sentence in 2"] == "habits"
    assert parts["short sentences, about 4 words"] == "habits"


def test_it_says_that_it_knows_english_alone(others: Creator) -> None:
    text = "Wir schauen uns das an und sagen dann, was es ist, also wirklich. "
    with pytest.raises(DraftingError, match="English"):
        draft_by_counting(creator_who_said("own", text * 20, text * 20))


def test_it_reads_neither_withdrawn_works_nor_unpublished_others() -> None:
    creator_who_said("plain", PLAIN)
    unpublish_all()
    with pytest.raises(DraftingError, match="Own is the only creator with works here"):
        draft_by_counting(creator_who_said("own", OWN * 5, OWN * 5))


def test_it_is_kept_as_a_proposal(others: Creator) -> None:
    creator = creator_who_said("own", OWN * 3, OWN * 3)
    kept = draft_by_counting(creator).store(creator)
    assert (kept.state, kept.made_by, "obviously" in kept.vocabulary) == ("proposed", "statistics", True)
    assert PersonalityDraft.objects.get(pk=kept.pk).examples[0]["quotes"][0]["work"] == "own-1"
