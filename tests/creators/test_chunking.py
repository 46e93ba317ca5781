import random
import statistics

from hypothesis import given
from hypothesis import strategies as st

from chrysopedia.core.text import estimated_tokens
from creators.ingest.chunking import ChunkDraft, Place, chunk, places_of
from creators.transcripts import Segment
from creators.transcripts.sentences import chunk_spans, sentences_of

WORDS = "the kick sits under a bass that moves when we cut its low end and lift what is left of air".split()


def sentence(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(5, 25))).capitalize() + "."


def talk(count: int, *, seed: int = 1, length: float = 4.0) -> list[Segment]:
    rng = random.Random(seed)
    return [Segment(sentence(rng), n * length, (n + 1) * length, paragraph=n == 0) for n in range(count)]


def second_of(chunks: list[ChunkDraft], quote: str) -> float | None:
    found = next(chunk for chunk in chunks if quote in chunk.text)
    return found.seconds_at(found.text.index(quote))


def test_it_fills_chunks_within_the_budget() -> None:
    sizes = [estimated_tokens(draft.text) for draft in chunk(talk(200), budget=200)]
    assert max(sizes) <= 200
    assert min(sizes[:-1]) >= 120


def test_it_ends_chunks_with_sentences_though_cues_end_within_them() -> None:
    words = " ".join(segment.text for segment in talk(60)).split()
    cues = [Segment(" ".join(words[n : n + 7]), n / 2, n / 2 + 3.5) for n in range(0, len(words), 7)]
    assert all(draft.text.endswith(".") for draft in chunk(cues))


def test_it_knows_the_second_of_a_sentence_within_a_cue() -> None:
    cues = [Segment("Cut the low end. Then", 10.0, 12.1), Segment("boost the air.", 12.1, 14.0)]
    chunks = chunk(cues)
    assert second_of(chunks, "Cut the") == 10.0
    assert second_of(chunks, "Then boost") == 11.7
    assert second_of(chunks, "boost the") == 12.1
    assert (chunks[0].start, chunks[0].end) == (10.0, 14.0)


def test_it_knows_no_second_of_a_text_without_times() -> None:
    assert second_of(chunk([Segment("One.")]), "One") is None


def test_it_breaks_at_headings_and_never_reaches_over_them() -> None:
    said = {"A": "One and one more " * 2, "A › B": "Two and two more " * 2, "C": "Three and three more " * 2}
    segments = [Segment(text.strip(), heading=heading) for heading, text in said.items()]
    assert [(draft.heading, draft.text) for draft in chunk(segments)] == [(h, t.strip()) for h, t in said.items()]


def test_it_prefers_to_break_at_a_pause() -> None:
    segments = talk(30)
    later = [Segment(s.text, (s.start or 0) + 9, (s.end or 0) + 9) for s in segments[10:]]
    chunks = chunk([*segments[:10], *later])
    assert any(draft.text.endswith(segments[9].text) for draft in chunks)
    assert any(draft.text.startswith(segments[10].text) for draft in chunks)


def test_it_begins_a_chunk_with_the_last_sentence_of_the_one_before() -> None:
    first, second = chunk(talk(30))[:2]
    last = first.text[first.marks[-1].offset :]
    assert second.text.startswith(last)
    assert second.start == first.marks[-1].start


def test_it_names_speakers_where_there_are_several() -> None:
    segments = [Segment("Cut it.", 1, 2, "Mara"), Segment("All?", 2, 3, "Jonas"), Segment("Yes.", 3, 4, "Jonas")]
    draft = chunk(segments)[0]
    assert draft.text == "Mara: Cut it.\nJonas: All? Yes."
    assert [draft.seconds_at(draft.text.index(quote)) for quote in ("Mara", "Cut", "Jonas", "All", "Yes")] == [
        1,
        1,
        2,
        2,
        3,
    ]


def test_it_names_nobody_where_one_speaks() -> None:
    assert chunk([Segment("Cut it.", 1, 2, "Mara"), Segment("All.", 2, 3, "Mara")])[0].text == "Cut it. All."


def test_it_keeps_code_and_list_items_on_lines_of_their_own() -> None:
    segments = [Segment("Try:", paragraph=True), Segment("play 60\n  sleep 1"), Segment("Then this.", paragraph=True)]
    assert chunk(segments)[0].text == "Try:\nplay 60\n  sleep 1\nThen this."


def test_it_parts_a_sentence_over_the_budget_at_a_clause() -> None:
    long = ", ".join(["we cut the low end and lift the air"] * 60)
    chunks = chunk([Segment(long, 0, 600)], budget=100)
    assert all(estimated_tokens(draft.text) <= 100 for draft in chunks)
    assert all(draft.text.endswith(",") for draft in chunks[:-1])
    assert chunks[-1].end == 600


def test_it_leaves_no_tiny_end() -> None:
    for count in range(12, 60):
        assert len(chunk(talk(count, seed=count))[-1].text.split()) >= 40


def test_it_chunks_captions_without_full_stops() -> None:
    cues = [Segment(" ".join(WORDS[n % 9 : n % 9 + 8]), n * 2.0, n * 2.0 + 2) for n in range(400)]
    sizes = [estimated_tokens(draft.text) for draft in chunk(cues)]
    assert 120 < statistics.mean(sizes) <= max(sizes) <= 235


def test_it_chunks_few_anew_after_an_edit() -> None:
    changed = []
    for seed in range(60):
        segments = talk(200, seed=seed)
        at = random.Random(seed).randrange(200)
        edited = [*segments[:at], Segment("One more thing that nobody said.", at * 4.0, at * 4.0), *segments[at:]]
        before, after = ({draft.text for draft in chunk(each)} for each in (segments, edited))
        changed.append(len(after - before))
    assert statistics.median(changed) <= 3


TEXTS = st.text(alphabet="ab Zz.,!?\n。é={1", min_size=1, max_size=80)
SEGMENTS = st.lists(
    st.builds(
        Segment,
        text=TEXTS,
        speaker=st.sampled_from(["", "A", "B"]),
        heading=st.sampled_from(["", "H"]),
        paragraph=st.booleans(),
    ),
    max_size=30,
)


@given(SEGMENTS, st.integers(min_value=2, max_value=60))
def test_it_makes_units_of_all_that_is_said_within_the_budget(segments: list[Segment], budget: int) -> None:
    units = list(sentences_of(segments, budget=budget, pause=2.5))
    assert "".join("".join(u.text.split()) for u in units) == "".join("".join(s.text.split()) for s in segments)
    assert all(unit.tokens <= budget for unit in units)


@given(SEGMENTS, st.integers(min_value=60, max_value=90))
def test_it_loses_no_word(segments: list[Segment], budget: int) -> None:
    words = {word for draft in chunk(segments, budget=budget) for word in draft.text.split()}
    for segment in segments:
        assert all(word in words for word in segment.text.split() if estimated_tokens(word) < 8 and "。" not in word)


@given(SEGMENTS, st.integers(min_value=4, max_value=60))
def test_it_keeps_marks_in_order(segments: list[Segment], budget: int) -> None:
    for draft in chunk(segments, budget=budget):
        offsets = [mark.offset for mark in draft.marks]
        assert offsets == sorted(offsets)
        assert offsets[0] == 0
        assert offsets[-1] < len(draft.text)


@given(st.lists(st.tuples(st.floats(0, 9), TEXTS.filter(str.strip)), min_size=1, max_size=30))
def test_it_lets_time_run_forward_within_a_chunk(cues: list[tuple[float, str]]) -> None:
    at, segments = 0.0, []
    for length, text in cues:
        segments.append(Segment(" ".join(text.split()), at, at + length))
        at += length
    for draft in chunk(segments, budget=40):
        seconds = [draft.seconds_at(offset) or 0.0 for offset in range(len(draft.text))]
        assert seconds == sorted(seconds)


def test_it_keeps_the_bounds_of_the_sentences_it_packs() -> None:
    words = " ".join(segment.text for segment in talk(40)).replace(".", "").lower().split()
    lines = [(n, " ".join(words[n : n + 7])) for n in range(0, len(words), 7)]
    cues = [Segment(line, n / 2, n / 2 + 3.5, ("Mara", "Theo")[n > 200]) for n, line in lines]
    packed = {sentence.text for sentence in sentences_of(cues, budget=235, pause=2.5)}
    found = [draft.text[begin:end] for draft in chunk(cues) for begin, end in chunk_spans(draft.text, draft.marks)]
    assert {*found} == packed


def test_it_makes_no_chunk_of_a_heading_alone() -> None:
    talk = "The first beep is a number that you play, and then another."
    assert [draft.text for draft in chunk([Segment("1.1 Beeps"), Segment(talk, heading="Beeps")])] == [
        f"1.1 Beeps\n{talk}"
    ]


def test_it_keeps_the_heading_of_what_is_too_short_for_a_chunk() -> None:
    long = "A sentence that has more than eight words in it, surely."
    segments = [Segment("Nine percent.", heading="Glaze › Talc"), Segment(long, heading="Glaze › Ash")]
    assert [(draft.heading, draft.text) for draft in chunk(segments)] == [
        ("Glaze › Ash", f"Talc\nNine percent.\n{long}")
    ]


def test_it_puts_a_short_end_with_what_stands_before_it() -> None:
    long = "A sentence that has more than eight words in it, surely."
    drafts = chunk([Segment(long, heading="A"), Segment("To do.", heading="A › B")])
    assert [draft.text for draft in drafts] == [f"{long}\nB\nTo do."]


def test_it_says_where_segments_begin_in_the_chunks() -> None:
    segments = [Segment(f"Sentence number {n} of a talk about clay.", n * 5.0, n * 5 + 5.0) for n in range(60)]
    drafts = chunk(segments)
    places = places_of([0, 7, 40, 60], segments, drafts)
    found = [drafts[place.position].text[place.offset :][:19] for place in places[:3]]
    assert found == ["Sentence number 0 o", "Sentence number 7 o", "Sentence number 40 "]
    assert places[3] == Place(len(drafts), 0)
