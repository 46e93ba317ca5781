from chat.events.events import Verdict
from chat.grounding.citations import citations_of
from chat.grounding.claims import claims
from tests.chat.passages import TEXT, passage

ANSWER = "Mara: “The attack is 20 ms. Then I listen to the whole song again.” [1] That helps."


def test_it_takes_a_quotation_for_one_claim() -> None:
    assert [ANSWER[start:end] for start, end in claims(ANSWER)] == [ANSWER[:-12], "That helps."]


def test_it_cites_all_sentences_of_a_quotation() -> None:
    (citation,) = citations_of(ANSWER, [passage()])
    assert citation.quote == TEXT[TEXT.index("The attack") :]


def test_it_opens_a_quotation_where_it_begins() -> None:
    (citation,) = citations_of(ANSWER, [passage()])
    assert citation.start_seconds is not None and citation.start_seconds < 14


def test_it_finds_a_quotation_across_line_breaks() -> None:
    (citation,) = citations_of("“The attack is 20 ms.” [1]", [passage(text="Well.\nThe attack\nis 20 ms.")])
    assert citation.quote.endswith("ms.")


def test_it_cites_the_whole_sentence_of_a_phrase_in_quotation_marks() -> None:
    (citation,) = citations_of("She calls it “the whole song” [1].", [passage()])
    assert citation.quote == "Then I listen to the whole song again."


def test_it_never_calls_whole_sentences_of_a_source_wrong() -> None:
    text = "You play it on a phone. Why is it gone? A phone can't play it."
    (citation,) = citations_of(f"“{text}” [1]", [passage(text=text)])
    assert (citation.verdict, citation.problems) == (Verdict.SUPPORTED, ())
