"""Finding in a creator's works what they are said to have said."""

import pytest

from creators.models import Work
from creators.persona.statistics import exact_matches
from tests.creators.persona.works import creator_who_said

pytestmark = pytest.mark.django_db


def test_it_finds_words_whatever_their_case_and_punctuation() -> None:
    creator = creator_who_said("own", "Nothing here.", "Well — Level first,\nthen everything else!")
    quote = exact_matches(["level FIRST then  everything"], creator=creator)["level FIRST then  everything"]
    assert (quote.quote, quote.work, quote.title) == ("Level first, then everything", "own-2", "OWN-2")
    assert quote.seconds == pytest.approx(17, abs=2)


def test_it_leaves_out_what_was_never_said() -> None:
    creator_who_said("other", "I love marmalade.")
    creator = creator_who_said("own", "I love jam. Marmalade no.")
    assert exact_matches(["I love marmalade", "ove jam", "…"], creator=creator) == {}


def test_it_does_not_look_into_withdrawn_works() -> None:
    creator = creator_who_said("own", "I love marmalade.")
    Work.objects.update(is_withdrawn=True)
    assert exact_matches(["I love marmalade"], creator=creator) == {}


def test_it_quotes_the_sentence_of_a_word() -> None:
    creator = creator_who_said("own", "Nothing here. I love marmalade. Nor here.")
    assert exact_matches(["Marmalade"], creator=creator)["Marmalade"].quote == "I love marmalade."
