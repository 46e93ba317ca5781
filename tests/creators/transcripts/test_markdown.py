from datetime import date
from itertools import pairwise

import pytest

from creators.transcripts import TranscriptError
from tests.creators.transcripts.reading import read, said, timed

ABOUT = """---
title: Space
url: https://example.org/space
kind: article
published: 2025-09-02
language: en
---
"""


def test_it_reads_what_a_file_says_of_itself() -> None:
    transcript = read(ABOUT + "Text.\n", "a.md")
    assert (transcript.title, transcript.url, transcript.kind) == ("Space", "https://example.org/space", "article")
    assert (transcript.published, transcript.language) == (date(2025, 9, 2), "en")


@pytest.mark.parametrize("published", ["'2025-09-02'", "2025-09-02T10:00:00Z", "2025-09-02"])
def test_it_reads_a_date_however_it_is_written(published: str) -> None:
    assert read(ABOUT.replace("2025-09-02", published) + "x", "a.md").published == date(2025, 9, 2)


@pytest.mark.parametrize("field", ["kind: novel", "url: javascript:alert(1)", "published: soon"])
def test_it_passes_over_a_value_that_is_none_and_says_so(field: str) -> None:
    assert "passed over" in read(f"---\n{field}\n---\nText.\n", "a.md").warnings[0]


def test_it_names_the_line_where_front_matter_breaks() -> None:
    with pytest.raises(TranscriptError, match="not YAML") as refusal:
        read("---\ntitle: a\nkind: [\n---\nText.\n", "a.md")
    assert refusal.value.line == 3


@pytest.mark.parametrize("matter", ["published: 2025-13-45", "- a\n- b", "a: &a [*a", "[" * 5000])
def test_it_refuses_front_matter_that_is_no_list_of_fields(matter: str) -> None:
    with pytest.raises(TranscriptError, match="front matter"):
        read(f"---\n{matter}\n---\nText.\n", "a.md")


BOMB = "a: &a {x: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{', '.join(['*' + before] * 9)}]}}\n" for before, name in pairwise("abcdefgh")
)
COSTLY = {
    "merge keys of merge keys": (BOMB, 3),
    "a merge key": ("a: 1\nb: {<<: {c: 1}}", 3),
    "an alias": ("a: &a 1\nb: 1\nc: *a", 4),
    "a number in base 16": ("a: 1\ntitle: 0x" + "f" * 9000, 3),
    "a number in base 60": ("a: 1\ntitle: 1" + ":59" * 9000, 3),
    "a number in base 10": ("published: " + "9" * 9000, 2),
    "binary": ("a: 1\ntitle: !!binary aGVsbG8=", 3),
    "an object": ("a: 1\nb: !!python/object/apply:os.getcwd []", 3),
    "deep": ("a: 1\nb: " + "[" * 10_000, 3),
    "deep blocks": ("\n".join(" " * at + "a:" for at in range(200)), 22),
    "many": ("a:\n" + "- b\n" * 6000, 4999),
    "long": ("a: " + "b" * 40_000, 1),
    "twice": ("title: a\nkind: text\ntitle: b", 4),
    "no day": ("title: a\npublished: 2025-02-30", 3),
    "no year": ("title: a\ndate: 0000-01-01", 3),
    "control": ("a: 1\nb: \x07", 3),
    "beyond Unicode": ('title: "\\UFFFFFFFF"', 2),
    "no name": ("a: 1\n[b]: c", 3),
}


@pytest.mark.parametrize(("matter", "line"), COSTLY.values(), ids=COSTLY)
def test_it_refuses_front_matter_that_costs_more_than_it_says(matter: str, line: int) -> None:
    with pytest.raises(TranscriptError, match="front matter") as refusal:
        read(f"---\n{matter}\n---\nText.\n", "a.md")
    assert refusal.value.line == line


@pytest.mark.parametrize(
    ("value", "title"),
    [
        *((same, same) for same in ("1.10", "12:30", "Yes", ".inf", "1e999", "0x1F", "2025-09-02")),
        *(("~", "Space"), ("[a, b]", "Space"), ("|\n  a\n  b", "a b"), ("!!str 1", "1")),
    ],
)
def test_it_takes_a_value_as_it_is_written(value: str, title: str) -> None:
    assert read(f"---\ntitle: {value}\n---\n# Space\n\nText.\n", "a.md").title == title


def test_it_puts_every_sentence_under_its_path_of_headings() -> None:
    text = "# A\n\nOne. Two.\n\n## B *c*\n\nThree.\n\nD\n===\n\nFour.\n"
    assert [(s.heading, s.text) for s in read(text, "a.md").segments] == [
        ("A", "One."),
        ("A", "Two."),
        ("A › B c", "Three."),
        ("D", "Four."),
    ]


def test_it_takes_the_first_heading_for_a_title() -> None:
    assert read("# Space *and* time\n\nText.\n", "a.md").title == "Space and time"


def test_it_marks_the_first_sentence_of_each_paragraph() -> None:
    assert [s.paragraph for s in read("One. Two.\nThree.\n\nFour.\n", "a.md").segments] == [True, False, False, True]


def test_it_keeps_words_and_drops_what_dresses_them() -> None:
    text = (
        "See [the **manual**](x.html) ![shot](a.png)<b>now</b> `a_b` &amp; _go_. <!-- no -->\n\n<div>In a box.</div>\n"
    )
    assert said(text, "a.md") == ["See the manual now a_b & go.", "In a box."]


def test_it_drops_comments_and_scripts() -> None:
    assert said("<!-- a\n\nb -->\n\n<script>\nlet x\n</script>\n\nText.\n", "a.md") == ["Text."]


def test_it_keeps_code_whole_in_a_segment_of_its_own() -> None:
    code = "play 60. Then?\n\n  sleep 1"
    assert said(f"Try:\n\n```ruby\n{code}\n```\n", "a.md") == ["Try:", code]


def test_it_reads_lists_and_tables_item_by_item() -> None:
    text = "- one\n  - two\n- three\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    assert said(text, "a.md") == ["one", "two", "three", "a | b", "1 | 2"]


TALK = "**Mara:** \\[00:10\\] Low end. It matters.\n\n**Jonas Hale:** Why?\n\n**Mara:** [00:20] Because.\n\nTruly.\n"


def test_it_reads_bold_speakers() -> None:
    assert [(s.speaker, s.text) for s in read(TALK, "a.md").segments] == [
        ("Mara", "Low end."),
        ("Mara", "It matters."),
        ("Jonas Hale", "Why?"),
        ("Mara", "Because."),
        ("Mara", "Truly."),
    ]


def test_it_estimates_times_between_marks() -> None:
    starts = [start or 0.0 for start, _, _ in timed(read(TALK, "a.md").segments)]
    assert (starts[0], starts[3]) == (10.0, 20.0)
    assert starts == sorted(starts)


def test_it_reads_speakers_with_clocks_in_paragraphs_of_their_own() -> None:
    text = "## In\nMara: 00:00:05\n\nHello.\nAll.\n\nJonas: 00:00:09\n\nHi.\n"
    found = [(s.speaker, s.start, s.text) for s in read(text, "a.md").segments]
    assert found == [("Mara", 5.0, "Hello."), ("Mara", 6.75, "All."), ("Jonas", 9.0, "Hi.")]


def test_it_takes_no_list_of_terms_for_talk() -> None:
    text = "- CPU: fast\n- RAM: 1 GB\n- Disk: 2 GB\n\n**Note:** Mind it.\n"
    assert {segment.speaker for segment in read(text, "a.md").segments} == {""}


def test_it_reads_lists_however_deep() -> None:
    assert len(said("".join("  " * depth + f"- item {depth}\n" for depth in range(40)), "a.md")) == 40
