"""Who speaks in captions, in each form that people write it, and never a name within what is said."""

import pytest

from tests.creators.transcripts.reading import read


def spoken(*cues: str) -> list[tuple[str, str]]:
    text = "".join(f"00:00:{at * 3:02}.000 --> 00:00:{at * 3 + 2:02}.000\n{cue}\n\n" for at, cue in enumerate(cues))
    return [(segment.speaker, segment.text) for segment in read("WEBVTT\n\n" + text, "a.vtt").segments]


@pytest.mark.parametrize("form", ["{}: {}", "[{}] {}", "({}) {}", "- [{}] {}", ">> {}: {}", "[{}]: {}"])
def test_it_takes_a_name_out_of_the_text(form: str) -> None:
    cues = [
        form.format(who, said) for who, said in [("Mara Lind", "Wedge it."), ("Jonas", "How long?"), ("Jonas", "Ah.")]
    ]
    assert spoken(*cues) == [("Mara Lind", "Wedge it."), ("Jonas", "How long?"), ("Jonas", "Ah.")]


@pytest.mark.parametrize("form", ["SPEAKER_00: {}", "[SPEAKER_00] {}", "[SPEAKER_00]: {}"])
def test_it_takes_the_label_of_a_diariser(form: str) -> None:
    assert spoken(form.format("Wedge it."), "And on.") == [("SPEAKER_00", "Wedge it."), ("SPEAKER_00", "And on.")]


def test_it_lets_a_turn_last_until_the_next_one() -> None:
    assert spoken(">> MARA: Wedge it.", "A hundred times.", ">> How long?", "Hm.") == [
        ("MARA", "Wedge it."),
        ("MARA", "A hundred times."),
        ("", "How long?"),
        ("", "Hm."),
    ]


def test_it_parts_a_cue_in_which_two_speak() -> None:
    assert spoken("- Is it dry?\n- Not yet.") == [("", "Is it dry?"), ("", "Not yet.")]
    assert spoken("(Mara) Wait.", "- [Jonas] Is it dry?\n- Not yet.")[1:] == [
        ("Jonas", "Is it dry?"),
        ("Mara", "Not yet."),
    ]


@pytest.mark.parametrize(
    "said", ["One thing: wedge it.", "[Applause] Wedge it.", "(Wheel turns) Wedge it.", "10:30 is tea."]
)
def test_it_takes_nothing_else_for_a_name(said: str) -> None:
    found = spoken("We begin.", "So.", said, "Then we throw.", "Then we trim.", "That is all.")
    assert {speaker for speaker, _ in found} == {""}
