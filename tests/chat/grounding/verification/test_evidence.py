"""A sentence rests on the sources that it names: each need carry only a part of it, and the wrong one is exposed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.events.events import Verdict
from chat.grounding.verification.verifier import Finding, Verifier
from tests.chat.passages import passage

VOCAL = "I set the attack to twenty milliseconds on the lead vocal. Then I listen to the whole song again."
GARDEN = "Water tomatoes in the morning, so the leaves stay dry and the soil is warm. Feed them every two weeks."
BOTH = "Set the attack to 20 ms on the lead vocal, and feed tomatoes every two weeks."


talk = st.lists(st.sampled_from([*BOTH.split(), "not", "“dry”", "minus", "6", "kHz", "10²", "\n", "…"])).map(" ".join)


def found(claim: str, *numbers: int) -> dict[int, Finding]:
    return Verifier([passage(text=VOCAL), passage(text=GARDEN)]).findings(claim, numbers)


def kinds(finding: Finding) -> list[str]:
    return [issue.kind for issue in finding.issues]


def quoted(text: str, finding: Finding) -> str:
    return text[slice(*finding.span)]


def test_it_supports_a_sentence_by_the_source_that_says_it() -> None:
    finding = found("The attack on the lead vocal is 20 ms.", 1)[1]
    assert (finding.verdict, finding.issues) == (Verdict.SUPPORTED, ())


def test_it_supports_a_sentence_of_which_each_source_carries_a_part() -> None:
    assert {one.verdict for one in found(BOTH, 1, 2).values()} == {Verdict.SUPPORTED}


def test_it_does_not_support_it_by_one_of_them_alone() -> None:
    assert found(BOTH, 1)[1].verdict == found(BOTH, 2)[2].verdict == Verdict.UNSUPPORTED


def test_it_finds_the_part_that_each_source_carries() -> None:
    findings = found(BOTH, 1, 2)
    assert quoted(VOCAL, findings[1]) == "I set the attack to twenty milliseconds on the lead vocal."
    assert quoted(GARDEN, findings[2]) == "Feed them every two weeks."


@pytest.mark.parametrize("claim", ["Feed the tomatoes every two weeks.", "Tomatoes stay dry in the morning."])
def test_it_names_the_source_that_a_marker_should_have_named(claim: str) -> None:
    finding = found(claim, 1)[1]
    assert finding.verdict == Verdict.UNSUPPORTED
    assert (finding.issues[0].kind, finding.issues[0].message) == ("source", "Source 2 says this, not source 1.")


def test_it_names_no_other_source_where_none_says_it() -> None:
    assert "source" not in kinds(found("The attack on the lead vocal is 35 ms.", 2)[2])


def test_it_doubts_a_marker_that_adds_nothing_to_the_one_beside_it() -> None:
    findings = found("Feed the tomatoes every two weeks.", 1, 2)
    assert (findings[1].verdict, kinds(findings[1])) == (Verdict.WEAK, ["source"])
    assert findings[2].verdict == Verdict.SUPPORTED


def test_it_holds_what_no_source_says_against_all_that_are_named() -> None:
    findings = found("The attack on the lead vocal is 35 ms.", 1, 2)
    assert [kinds(one) for one in findings.values()] == [["number"], ["number"]]


def test_it_keeps_the_order_of_the_markers() -> None:
    assert list(found(BOTH, 2, 1)) == [2, 1]


def test_it_finds_the_sentences_of_a_quotation() -> None:
    assert quoted(VOCAL, found("She says: “Then I listen to the whole song again.”", 1)[1]).startswith("Then")


@given(talk, talk, talk)
def test_it_checks_any_text_on_any_other(claim: str, one: str, other: str) -> None:
    findings = Verifier([passage(text=one), passage(text=other)]).findings(claim, [1, 2])
    assert all(0 <= start <= end for start, end in (finding.span for finding in findings.values()))
    assert findings[1].span[1] <= len(one) and findings[2].span[1] <= len(other)
