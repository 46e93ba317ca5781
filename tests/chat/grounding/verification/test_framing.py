"""Who says a claim, in which work and when, is parted from what it says, and checked by itself."""

import time
from dataclasses import replace

import pytest

from chat.events.events import Passage, Verdict
from chat.grounding.citations import citations_of
from chat.grounding.verification.framing import framed
from creators.transcripts.segments import Mark
from tests.chat.passages import passage

TOMAS, IDA = "I always take three dB off the bass.", "I go much further, eight or nine dB, and blend it back."
PLAIN = "The ratio is 3:1."
FRAMED = [
    "According to Mara Lindqvist, the ratio is 3:1.",
    "Mara says that the ratio is 3:1.",
    "As Mara puts it, the ratio is 3:1.",
    "The ratio is 3:1, says Mara Lindqvist.",
    "The ratio is 3:1, according to Mara.",
    "Mara here: the ratio is 3:1.",
    "She explains that the ratio is 3:1.",
    "In “Compressing Slowly, Episode 45”, Mara explains that the ratio is 3:1.",
    "In Episode 45 from January 2025, Mara says that the ratio is 3:1.",
    "In her January 2025 video “Compressing Slowly, Episode 45”, the ratio is 3:1.",
    "In “Compressing Slowly, Episode 45” (January 2025), Mara Lindqvist notes that the ratio is 3:1.",
    "On 14 January 2025, Mara said that the ratio is 3:1.",
    "In the podcast episode of 14 January 2025, Mara Lindqvist says that the ratio is 3:1.",
    "In Compressing Slowly, Mara says that the ratio is 3:1.",
]
WRONG = [
    ("According to Jonas Petri, the ratio is 3:1.", "Jonas Petri"),
    ("Jonas says that the ratio is 3:1.", "Jonas"),
    ("Jonas Petri sets the ratio to three to one.", "Jonas Petri"),
    ("In “Vocals without Fear”, Mara says that the ratio is 3:1.", "Vocals without Fear"),
    ("In Vocals Without Fear, Mara says that the ratio is 3:1.", "Vocals Without Fear"),
    ("Jonas Petri once took the ratio to three to one.", "Jonas Petri"),
    ("In Episode 12, Mara says that the ratio is 3:1.", "Episode 12"),
    ("In March 2023, Mara said that the ratio is 3:1.", "March 2023"),
    ("In a video from 2019, Mara says that the ratio is 3:1.", "2019"),
]


def dated() -> Passage:
    return replace(passage(), title="Compressing Slowly, Episode 45", published="2025-01-14")


def test_it_writes_the_date_as_people_do() -> None:
    (issue,) = framed("In March 2023, Mara said that the ratio is 3:1.", dated()).issues
    assert issue.message == "The source came out on 14 January 2025, not in March 2023."


def dialogue() -> Passage:
    marks = (Mark(0, 0.0, 4.0, speaker="Tomas", opens=True), Mark(len(TOMAS) + 1, 4.0, 9.0, speaker="Ida", opens=True))
    return replace(passage(text=f"{TOMAS} {IDA}", creator="Low End Radio"), marks=marks)


@pytest.mark.parametrize("claim", FRAMED)
def test_it_leaves_what_a_claim_says_without_who_says_it(claim: str) -> None:
    frame = framed(claim, dated())
    assert (frame.core, frame.issues) == (PLAIN, ())


@pytest.mark.parametrize("claim", FRAMED)
def test_it_comes_to_the_same_verdict_plain_or_framed(claim: str) -> None:
    (citation,) = citations_of(f"{claim[:-1]} [1].", [dated()])
    assert citation.verdict == Verdict.SUPPORTED


@pytest.mark.parametrize(("claim", "words"), WRONG)
def test_it_says_which_name_title_or_date_is_wrong(claim: str, words: str) -> None:
    (citation,) = citations_of(f"{claim[:-1]} [1].", [dated()])
    assert citation.verdict == Verdict.UNSUPPORTED
    assert [(issue.kind, issue.words) for issue in citation.problems] == [("attribution", words)]


def test_it_takes_a_number_of_the_title_for_no_figure() -> None:
    assert framed("Episode 45 covers the ratio.", dated()).issues == ()


def test_it_leaves_a_date_that_the_source_speaks_of() -> None:
    spoken = replace(dated(), text="In 2019 I set the ratio to three to one.")
    (citation,) = citations_of("In 2019, Mara set the ratio to three to one [1].", [spoken])
    assert citation.verdict == Verdict.SUPPORTED


@pytest.mark.parametrize("claim", ["Research suggests that the ratio is 3:1.", "Slow attack adds punch to the ratio."])
def test_it_takes_not_every_capital_for_a_name(claim: str) -> None:
    assert framed(claim, dated()).issues == ()


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Tomas takes 3 dB off the bass.", Verdict.SUPPORTED),
        ("Ida takes 3 dB off the bass.", Verdict.UNSUPPORTED),
        ("According to Tomas, eight or nine dB are blended back.", Verdict.UNSUPPORTED),
    ],
)
def test_it_counts_only_the_words_of_the_speaker_who_is_named(claim: str, verdict: Verdict) -> None:
    (citation,) = citations_of(f"{claim[:-1]} [1].", [dialogue()])
    assert citation.verdict == verdict


def test_it_finds_a_guests_words_in_the_hosts_mouth() -> None:
    said = replace(passage(), marks=(Mark(0, 0.0, 9.0, speaker="Theo Park"),))
    assert [issue.words for issue in framed("According to Mara Lindqvist, the ratio is 3:1.", said).issues] == [
        "Mara Lindqvist"
    ]


def test_it_knows_the_creators_of_all_sources_that_a_sentence_cites() -> None:
    both = [dated(), passage(text="My ratio is 3:1 too.", creator="Jonas Petri")]
    found = citations_of("Mara and Jonas both say that the ratio is 3:1 [1][2].", both)
    assert [one.problems for one in found] == [(), ()]


def test_it_reads_a_long_list_of_names_in_time_with_its_length() -> None:
    before = time.process_time()
    framed(f"The ratio is 3:1, {'Ab, ' * 1000}", passage())
    assert time.process_time() - before < 0.3
