"""Old encodings are told by their letters, and a note says which was taken."""

import pytest

from creators.transcripts import TranscriptError, read_transcript

SAMPLES = [
    ("cp1252", "Das Gefäß trocknet größer aus – drei Tage für die Töpfe."),
    ("cp1252", "un café au lait"),
    ("cp1252", "L’émail coule à côté d’une pièce."),
    ("cp1252", "El barro se secó mañana, ¿no?"),
    ("cp1252", "Perché è così"),
    ("cp1250", "Dnes si povíme o glazurách, že přesně číslo."),
    ("cp1254", "Bugün çamur hakkında konuşacağız, şimdi değil."),
    ("cp1251", "Обжиг идёт при девятистах градусах."),
    ("koi8_r", "Обжиг идёт при девятистах градусах."),
    ("cp866", "Обжиг идёт при девятистах градусах."),
    ("cp1253", "Σήμερα μιλάμε για τον πηλό."),
    ("cp1255", "היום נדבר על חימר."),
    ("cp1256", "اليوم نتحدث عن الطين"),
    ("cp874", "วันนี้เราพูดถึงดินเหนียว"),
    ("cp932", "今日は釉薬の話です。"),
    ("euc_jp", "今日は釉薬の話です。"),
    ("gb18030", "今天我们讲釉料的配方。"),
    ("big5", "今天我們講釉料的配方。"),
    ("cp949", "오늘은 유약에 대해 이야기합니다."),
    ("utf-16-le", "Глина сохнет три дня."),
    ("utf-16-be", "Plain words."),
]


@pytest.mark.parametrize(("encoding", "said"), SAMPLES)
def test_it_reads_an_old_encoding_and_says_so(encoding: str, said: str) -> None:
    cue = f"1\n00:00:02,000 --> 00:00:06,000\n{said}\n"
    transcript = read_transcript(cue.encode(encoding), name="a.srt")
    assert " ".join(segment.text for segment in transcript.segments) == said
    assert "was read as" in transcript.warnings[0]


def test_it_loses_one_character_where_one_byte_is_broken() -> None:
    data = "Größer, schöner, für Töpfe.\n\n".encode() * 9 + b"Eine Gl\xffasur.\n"
    transcript = read_transcript(data, name="a.txt")
    assert transcript.segments[-1].text == "Eine Gl\ufffdasur."
    assert transcript.warnings == ("1 characters that are not UTF-8 were lost; first at line 19",)


def test_it_takes_no_noise_for_an_encoding() -> None:
    with pytest.raises(TranscriptError, match=r"no other encoding fits; convert it: iconv"):
        read_transcript(bytes(range(128, 256)) * 4, name="a.txt")
