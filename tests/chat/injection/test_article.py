"""Attacks on the page as it stands without script: nothing planted or said becomes an element, an address or a note."""

import re

from chrysopedia.core.text import without_unseen
from tests.chat.injection.hostile import Outcome
from tests.chat.injection.reading import read_page

FORMATTING = {"p", "br", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "h3", "sup", "a", "span"}
OURS = re.compile(r"/(?!/)|#|https://youtu\.be/abc_-123($|[?#])")


def test_it_holds_formatting_and_markers_alone(outcome: Outcome) -> None:
    answer = read_page(outcome.page).within("answer")
    assert {tag for tag, _ in answer} <= FORMATTING
    addresses = [attributes["href"] for tag, attributes in answer if tag == "a"]
    assert all(re.fullmatch(r"#t\w{8}-note-\d+(-\d+)?", address) for address in addresses)


def test_it_has_no_script_style_or_handler(outcome: Outcome) -> None:
    for tag, attributes in read_page(outcome.page).elements:
        assert tag not in {"style", "iframe", "object", "embed", "base", "img"}
        assert tag != "script" or attributes["src"].startswith("/static/")
        assert not any(name.startswith("on") or name in {"style", "srcdoc"} for name in attributes)


def test_it_leads_and_loads_nowhere_foreign(outcome: Outcome) -> None:
    for _, attributes in read_page(outcome.page).elements:
        addresses = [attributes[name] for name in ("href", "src", "action", "formaction") if name in attributes]
        assert all(OURS.match(address) for address in addresses)


def test_it_shows_names_and_titles_without_what_nobody_sees(outcome: Outcome) -> None:
    assert without_unseen(outcome.page) == outcome.page


def test_it_has_a_note_for_each_source_and_no_other(outcome: Outcome) -> None:
    notes = [attributes["id"] for tag, attributes in read_page(outcome.page).within("notes") if tag == "li"]
    of_turn = notes[-1][:10] if notes else ""  # earlier turns of the conversation stand above
    notes = [note.removeprefix(of_turn) for note in notes if note.startswith(of_turn)]
    assert sorted(notes) == [f"note-{source['number']}" for source in outcome.sources]


def test_it_says_that_the_answer_does_not_stand(outcome: Outcome) -> None:
    kinds = {attributes["class"].split()[-1] for _, attributes in read_page(outcome.page).within("grounding")}
    is_told = outcome.attack.reaches and outcome.attack.claim in outcome.answer
    assert not is_told or kinds & {"unsupported", "weak", "bare"}
