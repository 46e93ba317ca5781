"""Attacks on the stream: whatever was planted and whatever the model says, events stay what the contract says."""

import json
import re

from django.utils.text import slugify
from markdown_it import MarkdownIt

from chat.grounding.markers import numbers_in
from chrysopedia.core.text import without_unseen
from tests.chat.injection.attacks import ATTACKS
from tests.chat.injection.hostile import Outcome


def test_there_are_enough_of_them_and_no_two_alike() -> None:
    assert len({slugify(attack.name) for attack in ATTACKS}) == len(ATTACKS) > 100


def test_it_sends_one_line_of_json_an_event(outcome: Outcome) -> None:
    lines = outcome.stream.decode().split("\n")
    assert not any("\r" in line or "\u2028" in line for line in lines)
    kinds = [line.split(": ", 1)[0] for line in lines if line]
    assert kinds == ["id", "event", "data"] * (len(kinds) // 3)


def test_it_numbers_events_and_ends_once(outcome: Outcome) -> None:
    ids, kinds, _ = zip(*outcome.events, strict=True)
    assert ids == tuple(range(1, len(ids) + 1))
    assert kinds == ("sources", *["token"] * (len(ids) - 2), "done")


def test_it_names_no_source_that_was_not_consulted(outcome: Outcome) -> None:
    consulted = {source["number"] for source in outcome.sources}
    assert consulted
    assert set(numbers_in(outcome.answer)) | set(outcome.done["cited"]) <= consulted


def test_it_consults_works_of_the_corpus_alone(outcome: Outcome) -> None:
    asked = {source["creator_slug"] for source in outcome.sources}
    assert asked and asked <= {slugify(attack.name) for attack in ATTACKS}
    assert all(source["url"] == "https://youtu.be/abc_-123" for source in outcome.sources)


def test_it_leads_citations_nowhere_else(outcome: Outcome) -> None:
    links = {citation["url"].split("#")[0] for citation in outcome.done["citations"]}
    assert links <= {"https://youtu.be/abc_-123"}


def test_it_hides_no_address_behind_a_marker(outcome: Outcome) -> None:
    links = re.findall(r"<a href=[^>]*>(.*?)</a>", MarkdownIt("commonmark").render(outcome.answer))
    assert not any(re.fullmatch(r"\s*\[?\d+\]?\s*", words) for words in links)


def test_it_exposes_what_was_invented(outcome: Outcome) -> None:
    answer, claim = outcome.answer, outcome.attack.claim
    is_told = claim in answer and outcome.attack.reaches
    verdicts = [one["verdict"] for one in outcome.done["citations"] if claim in one["claim"]]
    bare = [span for span in outcome.done["grounding"]["bare"] if claim in answer[span["start"] : span["end"]]]
    assert "supported" not in verdicts
    assert not is_told or verdicts or bare


def test_it_sends_no_character_that_nobody_sees(outcome: Outcome) -> None:
    sent = json.dumps([outcome.sources, outcome.answer, outcome.done], ensure_ascii=False)
    assert without_unseen(sent) == sent
