"""Disagreements between creators about what a question asks."""

from dataclasses import replace

from chat.events.events import Passage
from chat.grounding.citations import disagreements_of
from chat.grounding.disagreements import Conflict, _measured, conflicts_in
from chat.grounding.quotes import quoted_disagreements
from chat.grounding.vocabulary import vocabulary_of
from chrysopedia.core.text import stems
from tests.chat.passages import passage

SLOW = passage(text="On a vocal I set the attack to thirty milliseconds and the release to a hundred and twenty ms.")
FAST = replace(
    passage(text="A vocal has an attack between two and five ms, a release around 60 ms.", creator="Dez Okafor"),
    published="2024-03-01",
)


STOPPED = frozenset("which what how on a the for of".split())


def conflicts(*passages: Passage, question: str = "Which attack on a vocal?") -> tuple[Conflict, ...]:
    asked = dict.fromkeys((word for word in stems(question) if word not in STOPPED), 1.0)
    return conflicts_in(passages, query=question, asked=asked)


def test_it_finds_different_figures_of_one_parameter() -> None:
    (conflict,) = conflicts(SLOW, FAST)
    assert conflict.parameter == "attack"
    assert [said.words for said in conflict.said] == ["thirty milliseconds", "two and five ms"]


def test_it_asks_only_about_what_is_asked() -> None:
    assert not conflicts(SLOW, FAST, question="How loud should a vocal be?")


def test_it_sees_no_disagreement_in_one_creator() -> None:
    assert not conflicts(SLOW, replace(FAST, creator_slug=SLOW.creator_slug))


def test_it_sees_none_where_ranges_meet() -> None:
    assert not conflicts(SLOW, passage(text="On a vocal the attack is 20 to 40 ms.", creator="Dez Okafor"))


def test_it_sees_none_where_only_the_unit_differs() -> None:
    assert not conflicts(SLOW, passage(text="Set the attack of a vocal at 0.03 s.", creator="Dez Okafor"))


def test_it_names_who_says_what_and_when() -> None:
    (found,) = disagreements_of(conflicts(SLOW, FAST), [SLOW, FAST])
    assert [(one.creator, one.value, one.published) for one in found.settings] == [
        ("Mara Lindqvist", "thirty milliseconds", ""),
        ("Dez Okafor", "two and five ms", "2024-03-01"),
    ]


def test_it_lets_those_speak_who_were_not_quoted() -> None:
    said = "".join(quoted_disagreements(conflicts(SLOW, FAST), [SLOW, FAST], said={1}))
    assert said == f"\n\nDez Okafor (1 March 2024): “{FAST.text}” [2]"


def test_it_reads_the_figures_of_a_passage_once() -> None:
    conflicts(SLOW, FAST)
    before = _measured.cache_info().misses
    assert conflicts(SLOW, FAST, question="Which release on a vocal?")
    assert _measured.cache_info().misses == before


def test_it_reads_them_anew_where_a_domain_has_another_word() -> None:
    passages = [passage(text="The attack is four to two squash."), passage(text="Attack: 9:1 squash.", creator="Dez")]
    asked = {"squash": 1.0, "attack": 1.0}
    assert not conflicts_in(passages, query="squash, attack", asked=asked)
    words = {"ratio_names": ["squash"], "ratio_owners": ["squash"]}
    assert conflicts_in(passages, query="squash, attack", asked=asked, vocabulary=vocabulary_of([words]))


def test_it_compares_figures_of_the_thing_asked_about_alone() -> None:
    return_ = replace(passage(text="I compress the return: ratio 4:1, attack 10 ms."), title="Reverb and space")
    lead = replace(passage(text="Ratio, 3 to 1. Attack, 20 milliseconds."), title="Compressing a lead vocal")
    rap = passage(text="My lead rap vocal gets one compressor. Ratio 8:1, attack under 1 ms.", creator="Dez Okafor")
    question = "What attack for a lead vocal?"
    (conflict,) = conflicts(return_, rap, lead, question=question)
    assert [said.number for said in conflict.said] == [2, 3]
    assert not conflicts(return_, lead, replace(FAST, creator_slug="dez"), question=question)


def test_it_sees_none_where_another_thing_has_the_parameter_too() -> None:
    pad = passage(text="On a pad the envelope has an attack of 2 seconds.", creator="Ilse Brandt")
    assert not conflicts(SLOW, pad, question="What attack for the envelope of a pad?")
    assert conflicts(SLOW, replace(pad, text=pad.text.replace("pad", "vocal")))


def test_it_takes_no_degree_for_a_parameter() -> None:
    slow = passage(text="A release below 40 ms is too fast.")
    fast = passage(text="My fast release has 5 ms.", creator="Dez Okafor")
    assert not conflicts(slow, fast, question="How fast?")
    assert conflicts(slow, fast, question="How fast a release?")
