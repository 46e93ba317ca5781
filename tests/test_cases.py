"""Small inputs that failed once, from the folder of cases beside the checkout: what each must give."""

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import AsyncClient
from pytest_django import Settings

from chat.events.events import Event
from chat.grounding.quote_scores import QuoteQuery
from chat.grounding.quotes import best_quotes, quoted_answer
from chat.retrieval import build_query, retrieve
from chat.turns.answer import NOTHING_FOUND
from chat.turns.search import search_for
from chat.understanding import Heard, find_creators, plan_search
from creators.embeddings import Embedder
from creators.ingest import find_sources, ingest
from creators.models import Creator, Work
from creators.transcripts import Transcript, TranscriptError, read_transcript
from creators.transcripts.segments import seconds_at
from tests.chat.asking import ask, joined, last, new_conversation, sources

CASES = Path(__file__).parents[2] / "shared" / "cases"
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases beside the checkout are absent"),
]
Quoted = Callable[[str], list[tuple[float | None, str, str]]]


def read(case: str) -> Transcript:
    path = CASES / case
    return read_transcript(path.read_bytes(), name=path.name)


def said(case: str) -> dict[str, float | None]:
    return {segment.text: segment.start for segment in read(case).segments}


@pytest.fixture
def brought_in(db: None, embedder: Embedder) -> Callable[[str], list[str]]:
    def bring(case: str) -> list[str]:
        creator = Creator.objects.create(slug=case, name="Nora Field")
        return [outcome.detail for outcome in ingest(creator, find_sources([CASES / case]), embedder=embedder)]

    return bring


@pytest.fixture
def quoted(brought_in: Callable[[str], list[str]], embedder: Embedder, request: pytest.FixtureRequest) -> Quoted:
    """Ask the case that the test names by its parameter; a quote is its second, its speaker and its words."""
    brought_in(request.param)
    creator = Creator.objects.get(slug=request.param)
    return partial(_quotes, creator=creator, embedder=embedder)


def _quotes(question: str, *, creator: Creator, embedder: Embedder) -> list[tuple[float | None, str, str]]:
    query = build_query(question, creator_id=creator.pk, names=[creator.name], earlier=[], embedder=embedder)
    found = retrieve(query, creator_id=creator.pk, limit=6)
    chosen = best_quotes(
        found.passages, query=QuoteQuery(question, query.vector, found.weights), embed=embedder.embed_sentences
    )
    pairs = [(found.passages[one.number - 1], one) for one in chosen]
    return [
        (
            seconds_at(passage.marks, one.start, len(passage.text)),
            next((mark.speaker for mark in reversed(passage.marks) if mark.offset <= one.start), ""),
            passage.text[one.start : one.end],
        )
        for passage, one in pairs
    ]


@pytest.mark.parametrize("quoted", ["captions-without-full-stops"], indirect=True)
@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("how warm should the glue pot be?", 33, 41),
        ("second and third coat", 108, 116),
        ("how do I remove squeeze out?", 64, 76),
    ],
)
def test_it_quotes_a_line_of_captions_at_its_second(quoted: Quoted, question: str, first: float, last: float) -> None:
    found = quoted(question)
    assert any(second is not None and first <= second <= last for second, _, _ in found), found
    assert all(len(text.split()) <= 40 for _, _, text in found)


@pytest.mark.parametrize("quoted", ["guest-in-cue-text"], indirect=True)
def test_it_quotes_whoever_spoke(quoted: Quoted) -> None:
    assert ("Nora", "Yes, in dry cleaner film.") in [(who, text) for _, who, text in quoted("should I wrap the rim?")]


@pytest.mark.parametrize("quoted", ["short-answers"], indirect=True)
@pytest.mark.parametrize(
    ("question", "second", "answer"),
    [
        ("what does bone ash do?", 1.0, "Bone ash opacifies."),
        ("how much talc goes into the body?", 7.0, "Nine percent."),
    ],
)
def test_it_quotes_a_short_answer(quoted: Quoted, question: str, second: float, answer: str) -> None:
    found = quoted(question)
    assert any(answer in text for _, _, text in found), found
    assert any(at is not None and at <= second for at, _, _ in found)
    assert not any("lid" in text for _, _, text in found)


@pytest.mark.parametrize("quoted", ["chapter-list"], indirect=True)
def test_it_quotes_a_chapter_alone_at_its_own_time(quoted: Quoted) -> None:
    assert all(text.count("\n") == 0 and "Choosing" not in text for _, _, text in quoted("why do rims crack?"))


def test_it_makes_one_work_of_one_talk(brought_in: Callable[[str], list[str]]) -> None:
    notes = brought_in("one-talk-five-files")
    assert list(Work.objects.filter(creator__slug="one-talk-five-files").values_list("title", flat=True)) == ["Salt"]
    assert all(f"salt{ending}" in notes[0] for ending in (".srt", ".tsv", ".txt", ".vtt"))


@pytest.mark.parametrize(
    ("file", "speakers"), [("call.vtt", {"Nora Field", "Theo Park"}), ("two.srt", {"Nora", "Theo"})]
)
def test_it_knows_who_speaks(file: str, speakers: set[str]) -> None:
    segments = read(f"guest-in-cue-text/{file}").segments
    assert {segment.speaker for segment in segments} == speakers
    assert not any(name in segment.text for segment in segments for name in speakers)


def test_it_reads_ends_that_overlap() -> None:
    assert list(said("overlapping-ends-in-brackets/lids.txt").values()) == [7, 9, 10]


@pytest.mark.parametrize(
    ("case", "words", "second"),
    [
        ("youtube-json3/clay.en.json3", "a stoneware body wants about four hundred grams", 15.0),
        ("podcast-json/bisque.json", "That is nine hundred and forty five degrees for ash glazes.", 33.0),
        ("timed-xml/tile.en.srv3", "dip the tile for three seconds", 45.0),
        ("timed-xml/kiln.ttml", "Candle the kiln", 12.5),
        ("one-bad-time/negative.srt", "Welcome to the studio.", 0.0),
        ("one-bad-time/negative.json", "Score both edges before you join a handle.", 0.0),
        ("music-and-noise/burnish.vtt", "Burnish with a spoon, not a knife.", 12.0),
        ("chapter-list/chapters.txt", "Why rims crack", 740.0),
        ("youtube-studio-sbv/ash.sbv", "Bone ash opacifies.", 1.0),
        ("youtube-studio-sbv/ash.txt", "Bone ash opacifies.", 1.0),
        ("whisper-tsv/ash.tsv", "Use fifteen percent.", 4.0),
        ("whisper-tsv/ash.txt", "Use fifteen percent.", 4.0),
        ("old-encodings/cp1251.srt", "Глина сохнет три дня.", 2.0),
    ],
)
def test_it_reads_words_at_their_second(case: str, words: str, second: float) -> None:
    assert said(case)[words] == second


@pytest.mark.parametrize(
    ("case", "note"),
    [
        ("one-bad-time/negative.srt", "line 2"),
        ("old-encodings/cp1252.srt", "cp1252"),
        ("tool-footer/otter.txt", "otter.ai"),
    ],
)
def test_it_notes_what_it_mended(case: str, note: str) -> None:
    assert any(note in warning for warning in read(case).warnings)


@pytest.mark.parametrize("case", ["music-and-noise/burnish.vtt", "tool-footer/otter.txt", "tool-footer/meet.txt"])
def test_it_takes_noise_for_no_speech(case: str) -> None:
    text = " ".join(said(case))
    assert not any(sign in text for sign in ("[", "♪", "Transcri", "Attendees", "Studio sync"))


def test_it_refuses_music_alone() -> None:
    with pytest.raises(TranscriptError, match="no speech"):
        read("music-and-noise/only.vtt")


@pytest.mark.parametrize("case", ["youtube-studio-sbv/ash.txt", "whisper-tsv/ash.txt"])
def test_it_takes_no_clock_for_a_speaker(case: str) -> None:
    assert {segment.speaker for segment in read(case).segments} == {""}


def rows_of(case: str) -> list[Any]:
    """Return the questions of a case: what is asked, of whom, and what was asked before it."""
    file = CASES / case / "questions.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []
    return [pytest.param(row["query"], row.get("creator"), row.get("after"), id=row["query"]) for row in rows]


async def asked(query: str, creator: str | None, after: str | None) -> tuple[list[Event], str]:
    """Return the events of a question, and the answer to the one before it."""
    conversation = new_conversation()
    before = joined(await ask(after, creator=creator, conversation_id=conversation)) if after else ""
    return await ask(query, creator=creator, conversation_id=conversation), before


MARA = {"Reverb and space", "Loudness and delivery", "Compressing a lead vocal", "Low end without guesswork"}
COLLECTION = {
    "what do you talk about?": MARA,
    "list all your videos": MARA,
    "how many videos have you made?": {"4"},
    "who are you?": {"mixing and mastering"},
    "what is your latest video about?": {"Reverb and space"},
}
WITHIN = {
    "in your last video, what did you say about loudness?": {"reverb-and-space"},
    "what did you say in 2024 about compression?": {"low-end-without-guesswork"},
}


@pytest.mark.django_db
@pytest.mark.usefixtures("corpus")
class TestDemo:
    @pytest.mark.parametrize(("query", "creator", "after"), rows_of("small-talk"))
    async def test_it_searches_nothing_for_small_talk(self, query: str, creator: str, after: str | None) -> None:
        events, before = await asked(query, creator, after)
        assert last(events).understood.kind == "small_talk"
        assert joined(events) != NOTHING_FOUND
        assert all(one.quote in before for one in last(events).citations)
        assert {one.creator_slug for one in last(events).suggestions} <= {creator}

    @pytest.mark.parametrize(("query", "creator", "after"), rows_of("about-the-collection"))
    async def test_it_knows_its_collection(self, query: str, creator: str, after: str | None) -> None:
        events, _ = await asked(query, creator, after)
        assert all(words in joined(events) for words in COLLECTION.get(query, ()))
        assert "hopping" not in joined(events)
        works = {one.work for one in sources(events).sources}
        elsewhere = any(note.startswith("Nothing in") for note in last(events).understood.notes)
        assert query not in WITHIN or elsewhere or works == WITHIN[query]

    @pytest.mark.parametrize(("query", "creator", "after"), rows_of("suggestions-are-others"))
    async def test_it_suggests_works_of_whom_was_asked(self, query: str, creator: str, after: str | None) -> None:
        events, _ = await asked(query, creator, after)
        first = next(iter(last(events).suggestions), None)
        assert first is None or first.creator_slug == creator
        cited = [one for one in sources(events).sources if one.number in last(events).cited]
        assert first or cited[0].title == "Loudness and delivery"

    @pytest.mark.parametrize(("query", "creator", "after"), rows_of("two-creators"))
    async def test_it_lets_both_speak_who_are_compared(self, query: str, creator: None, after: None) -> None:
        events, _ = await asked(query, creator, after)
        assert {"mara-lindqvist", "dez-okafor"} <= {one.creator_slug for one in sources(events).sources}
        assert all(name in joined(events) for name in ("Mara Lindqvist", "Dez Okafor"))

    @pytest.mark.parametrize(("query", "creator", "after"), rows_of("by-title"))
    async def test_it_quotes_the_work_that_is_named(self, query: str, creator: str, after: None) -> None:
        events, _ = await asked(query, creator, after)
        assert {one.title for one in sources(events).sources} == {"Low end without guesswork"}
        assert any("mono" in one.quote.lower() for one in last(events).citations)


def test_it_quotes_the_guest_who_is_asked_for_by_name(
    brought_in: Callable[[str], list[str]], embedder: Embedder
) -> None:
    brought_in("guest-in-cue-text")
    creator = Creator.objects.get(slug="guest-in-cue-text")
    asked = "what did Theo Park say about cone ten?"
    heard = Heard(asked, find_creators(asked), creator.pk, names=(creator.name,))
    found = search_for(plan_search(heard, today=date(2026, 11, 28)), heard, limit=6)
    chosen = best_quotes(
        found.passages,
        query=QuoteQuery(asked, found.query.vector, found.weights),
        embed=embedder.embed_sentences,
        speaker=found.speaker,
    )
    answer = "".join(quoted_answer(chosen, found.passages, asked=creator.slug))
    assert answer.startswith("Theo Park: “How long do you hold cone ten?”")


async def test_it_lets_another_site_come_back(settings: Settings) -> None:
    lines = (CASES / "resume-across-origins" / "request.txt").read_text().splitlines()
    wanted = dict(line.split(": ") for line in lines[2:])
    settings.CORS_ALLOWED_ORIGINS = [wanted["Origin"]]
    response = await AsyncClient().options(f"/api/v1/chat/{uuid4()}/events", headers=wanted)
    allowed = set(response["access-control-allow-headers"].split(", "))
    assert set(wanted["Access-Control-Request-Headers"].split(",")) <= allowed
