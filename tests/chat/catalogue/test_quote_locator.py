"""Where the words of a citation stand in a work."""

from hypothesis import given
from hypothesis import strategies as st

from chat.catalogue.quote_locator import QuoteSpan, locate_quote
from chrysopedia.core.links import edges_of

TEXTS = ["Cut first. ", "Then boost: ", "a little, ", "and listen. ", "Then cut first."]
STARTS = [0.0, 4.0, 8.0, 12.0, 60.0]


def said(words: str, *, at: float | None = None) -> list[str]:
    found = locate_quote(TEXTS, edges_of(words), starts=STARTS, at=at)
    return [TEXTS[place.block][place.start : place.end] for place in found]


def test_it_finds_a_sentence_with_its_stop() -> None:
    assert said("Cut first.") == ["Cut first."]


def test_it_finds_words_whatever_their_case_and_signs() -> None:
    assert said("“cut, FIRST”") == ["Cut first."]


def test_it_goes_on_from_block_to_block() -> None:
    assert said("boost: a little, and listen.") == ["boost: ", "a little, ", "and listen."]


def test_it_takes_the_place_that_is_nearest_in_time() -> None:
    assert [locate_quote(TEXTS, ["cut first"], starts=STARTS, at=at)[0].block for at in (None, 1.0, 50.0)] == [0, 0, 4]


def test_it_finds_a_long_sentence_by_its_first_and_last_words() -> None:
    texts = ["One two three four five six ", "seven eight nine ten. Eleven."]
    found = locate_quote(texts, ["One two three four", "seven eight nine ten."], starts=[None, None], at=None)
    assert found == (QuoteSpan(0, 0, 28), QuoteSpan(1, 0, 21))


def test_it_needs_both_ends_near_each_other() -> None:
    texts = ["One two three four. " + "So. " * 200 + "Seven eight nine ten."]
    assert locate_quote(texts, ["One two three four", "seven eight nine ten"], starts=[None], at=None) == ()


def test_it_finds_nothing_where_there_is_nothing() -> None:
    assert said("Never said.") == []
    assert said("…") == []
    assert said("") == []


@given(
    words=st.lists(st.sampled_from("cut first then boost a little".split()), min_size=1, max_size=30), data=st.data()
)
def test_it_finds_whatever_was_taken_out_of_a_text(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    taken = words[first : last + 1]
    texts = [f"{word} " for word in words]
    found = locate_quote(texts, edges_of(" ".join(taken)), starts=[None] * len(texts), at=None)
    shown = [word for place in found for word in texts[place.block][place.start : place.end].split()]
    assert shown[:4] == taken[:4]
    assert shown[-4:] == taken[-4:]
