"""Small inputs that failed once, from the folder of cases beside the checkout: what each must give."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from chat.grounding.quotes import best_quotes
from chat.retrieval import build_query, retrieve
from creators.embeddings import Embedder
from creators.ingest import find_sources, ingest
from creators.models import Creator, Work
from creators.transcripts import Transcript, TranscriptError, read_transcript
from creators.transcripts.segments import seconds_at

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
        found.passages, query=question, question=query.vector, weights=found.weights, embed=embedder.embed_questions
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
