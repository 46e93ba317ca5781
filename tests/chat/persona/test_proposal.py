"""What a model proposes, read and checked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.persona.drafts import PersonalityProposal, ProposalError, read_proposal
from tests.chat.persona.answers import GOOD, answer, trait

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(PersonalityProposal.model_fields)), inner)
    ),
    max_leaves=10,
)


@pytest.mark.parametrize("text", [GOOD, f"```json\n{GOOD}\n```", f"Here you are:\n{GOOD}\nEnjoy."])
def test_it_reads_json_in_a_fence_and_between_words(text: str) -> None:
    assert [one.trait for one in read_proposal(text).tone] == ["dry"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I can't.", "There is no JSON object in it."),
        ("{]}", "It is no valid JSON: "),
        ("{}", "summary: Field required; tone: Field required; "),
        (answer(tone=[trait("dry")]), "tone.0.examples: List should have at least 1 item"),
        (answer(tone=[trait("d" * 201, "x")]), "tone.0.trait: String should have at most 200 characters"),
        (answer(tone=[trait("dry", "a\0b")]), "tone.0.examples.0: String should match pattern"),
        (answer(summary="\ud800"), "summary: "),
    ],
)
def test_it_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(ProposalError) as raised:
        read_proposal(text)
    assert str(raised.value).startswith(reason)


@given(st.text() | JSON.map(json.dumps))
def test_it_reads_anything_or_says_why_not(text: str) -> None:
    try:
        assert isinstance(read_proposal(text), PersonalityProposal)
    except ProposalError as error:
        assert str(error)
