"""Disagreements between creators about what a question asks."""

from dataclasses import replace

from chat.events.events import Passage
from chat.grounding.citations import disagreements_of
from chat.grounding.disagreements import Conflict, conflicts_in
from chat.grounding.quotes import quoted_disagreements
from chrysopedia.core.text import stems
from tests.chat.passages import passage

SLOW = passage(text="On a vocal I set the attack to thirty milliseconds and the release to a hundred and twenty ms.")
FAST = replace(
    passage(text="I keep the attack between two and five ms, the release around 60 ms.", creator="Dez Okafor"),
    published="2024-03-01",
)


def conflicts(*passages: Passage, question: str = "Which attack on a vocal?") -> tuple[Conflict, ...]:
    return conflicts_in(passages, asked=dict.fromkeys(stems(question), 1.0))


def test_it_finds_different_figures_of_one_parameter() -> None:
    (conflict,) = conflicts(SLOW, FAST)
    assert conflict.parameter == "attack"
    assert [said.words for said in conflict.said] == ["thirty milliseconds", "two and five ms"]


def test_it_asks_only_about_what_is_asked() -> None:
    assert not conflicts(SLOW, FAST, question="How loud should a vocal be?")


def test_it_sees_no_disagreement_in_one_creator() -> None:
    assert not conflicts(SLOW, replace(FAST, creator_slug=SLOW.creator_slug))


def test_it_sees_none_where_ranges_meet() -> None:
    assert not conflicts(SLOW, passage(text="The attack is 20 to 40 ms.", creator="Dez Okafor"))


def test_it_sees_none_where_only_the_unit_differs() -> None:
    assert not conflicts(SLOW, passage(text="Set the attack at 0.03 s.", creator="Dez Okafor"))


def test_it_names_who_says_what_and_when() -> None:
    (found,) = disagreements_of(conflicts(SLOW, FAST), [SLOW, FAST])
    assert [(one.creator, one.value, one.published) for one in found.settings] == [
        ("Mara Lindqvist", "thirty milliseconds", ""),
        ("Dez Okafor", "two and five ms", "2024-03-01"),
    ]


def test_it_lets_those_speak_who_were_not_quoted() -> None:
    said = "".join(quoted_disagreements(conflicts(SLOW, FAST), [SLOW, FAST], said={1}))
    assert said == f"\n\nDez Okafor (2024-03-01): “{FAST.text}” [2]"
