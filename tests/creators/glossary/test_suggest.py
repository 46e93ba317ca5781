"""What is proposed for a glossary, what isn't, and what becomes of a proposal."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance.Levenshtein import normalized_similarity

import creators
from creators.glossary.suggest import suggest
from creators.glossary.vocabulary import phonetic_key, similarity
from creators.ingest.chunking import chunk
from creators.models import Chunk, Creator, GlossaryEntry, Work
from creators.transcripts import SUFFIXES, read_transcript

DEMO = Path(creators.__file__).parent / "demo"
TERMS = ("Serum", "OTT", "amapiano", "Bessel function", "Moog")


def texts(slug: str) -> list[str]:
    """Return the chunks of a demo creator as transcribed, without a glossary."""
    files = [path for path in sorted((DEMO / slug).iterdir()) if path.suffix in SUFFIXES]
    return [
        draft.text for path in files for draft in chunk(read_transcript(path.read_bytes(), name=path.name).segments)
    ]


def found(texts: list[str], *terms: str) -> set[tuple[str, str]]:
    return {(one.heard, one.term) for one in suggest(texts, terms=terms)}


def test_it_finds_every_mishearing_of_the_demo_and_nothing_else_where_the_terms_are_known() -> None:
    dez, ilse = texts("dez-okafor"), texts("ilse-brandt")
    assert found(dez, *TERMS) == {("seerum", "Serum"), ("o t t", "OTT"), ("ama piano", "amapiano")}
    assert found(ilse, *TERMS) == {("vessel function", "Bessel function"), ("mogue", "Moog")}
    assert not found(texts("mara-lindqvist"), *TERMS)


def test_it_finds_what_is_spelled_out_or_written_apart_where_no_term_is_known() -> None:
    assert found(texts("dez-okafor")) == {("o t t", "OTT"), ("ama piano", "amapiano")}


def test_it_compares_with_names_that_are_said_often() -> None:
    said = ["We open Ableton here, in Ableton, with Ableton.", "Now in abledon we cut.", "The filters filter a filter."]
    assert found(said) == {("abledon", "Ableton")}


def test_it_takes_a_word_for_an_ordinary_one_that_peers_say_too() -> None:
    said = ["I live in Leeds, as Leeds does, near Leeds.", "That leads on."]
    assert [one.heard for one in suggest(said)] == ["leads"]
    assert suggest(said, peers=["It leads us on."]) == []


@pytest.mark.parametrize(
    ("one", "other"), [("seerum", "serum"), ("mogue", "moog"), ("vessel", "bessel"), ("loofs", "lufs"), ("knot", "not")]
)
def test_it_hears_that_two_words_sound_alike(one: str, other: str) -> None:
    assert phonetic_key(one) == phonetic_key(other)
    assert similarity(one, other) >= 0.7


@given(st.text("abcdeé", max_size=8), st.text("abcdeé", max_size=8))
def test_it_finds_two_words_as_alike_either_way_round(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) == similarity(other, one) <= 1
    assert similarity(one, one) == 1


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("serum", "seerum", 5 / 6), ("vessel", "bessel", 5 / 6), ("", "a", 0)]
)
def test_it_counts_the_letters_put_in_left_out_or_changed(one: str, other: str, alike: float) -> None:
    assert normalized_similarity(one, other) == pytest.approx(alike)


@pytest.fixture
def creator(db: None) -> Creator:
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    work = Work.objects.create(creator=creator, slug="some-work", title="Some work", source="some.txt")
    text = "I open up seerum and then mogue."
    Chunk.objects.create(work=work, creator=creator, position=0, text=text, text_hash="x", words=7)
    GlossaryEntry.objects.create(creator=creator, term="Serum", meaning="As by Moog.", is_reviewed=True)
    return creator


def test_it_shows_proposals_and_keeps_none_unasked(creator: Creator, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("glossary", "suggest", "somebody")
    shown = capsys.readouterr().out
    assert "seerum" in shown
    assert "mogue" in shown
    assert GlossaryEntry.objects.filter(creator=creator).count() == 1


def test_it_keeps_proposals_unreviewed_and_proposes_them_only_once(
    creator: Creator, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        call_command("glossary", "suggest", "somebody", store=True)
    kept = GlossaryEntry.objects.filter(creator=creator, is_reviewed=False)
    assert {(one.term, *one.heard) for one in kept} == {("Serum", "seerum"), ("Moog", "mogue")}
    assert "Nothing to propose" in capsys.readouterr().out


def test_it_looks_for_a_term_that_is_named(creator: Creator, capsys: pytest.CaptureFixture[str]) -> None:
    GlossaryEntry.objects.all().delete()
    call_command("glossary", "suggest", "somebody", term=["Serum"], limit=5)
    assert "seerum" in capsys.readouterr().out


def test_it_lists_what_applies(creator: Creator, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("glossary", "list", "somebody")
    assert capsys.readouterr().out.splitlines()[1].split() == ["Serum", "own", "yes", "As", "by", "Moog."]


def test_it_says_when_the_creator_of_a_glossary_is_unknown(creator: Creator) -> None:
    with pytest.raises(CommandError, match="somebody"):
        call_command("glossary", "list", "nobody")
