"""The contents of a work."""

from chat.catalogue.transcript import Paragraph, TextBlock, table_of_contents


def paragraph(text: str, *, start: float | None = None, heading: str = "") -> Paragraph:
    anchor = "" if start is None else f"t-{int(start)}"
    block = TextBlock(text=text, space="", anchor=anchor, start=start)
    return Paragraph((block,), heading=heading, label="", anchor=anchor, chapter=f"c-{heading.lower()}", start=start)


def test_it_lists_the_headings_with_their_times() -> None:
    found = table_of_contents(
        [paragraph("One.", start=0.0, heading="In"), paragraph("Two.", start=65.0, heading="Out")]
    )
    assert [(one.title, one.label, one.anchor) for one in found] == [("In", "0:00", "c-in"), ("Out", "1:05", "c-out")]


def test_it_lists_headings_of_a_text_without_times() -> None:
    found = table_of_contents([paragraph("One.", heading="In"), paragraph("Two.", heading="Out")])
    assert [one.label for one in found] == ["", ""]


def test_it_has_no_contents_of_one_part() -> None:
    assert table_of_contents([paragraph("One.", heading="In"), paragraph("Two.")]) == ()


def test_it_says_what_is_said_every_few_minutes_of_a_long_recording() -> None:
    found = table_of_contents(
        [paragraph(f"Minute {minute}. And so on it goes.", start=60.0 * minute) for minute in range(31)]
    )
    assert [one.label for one in found] == [f"{minute}:00" for minute in range(0, 31, 5)]
    assert found[1].title == "Minute 5. And so on it goes…"


def test_it_leaves_a_short_recording_alone() -> None:
    assert table_of_contents([paragraph("One.", start=60.0 * minute) for minute in range(19)]) == ()


def test_it_takes_longer_steps_through_a_longer_recording() -> None:
    found = table_of_contents([paragraph("One.", start=60.0 * minute) for minute in range(180)])
    assert found[1].label == "10:00"
    assert len(found) == 18
