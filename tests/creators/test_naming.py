"""What the names of files say of works."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.ingest.naming import WATCH, NamedFacts, facts_of_info, facts_of_name, without_language

DAY = date(2024, 11, 4)


@pytest.mark.parametrize(
    ("stem", "facts"),
    [
        ("vocal-tips", NamedFacts("Vocal tips")),
        ("A talk [0bhPTk9hdGI].en", NamedFacts("A talk", WATCH + "0bhPTk9hdGI", "en")),
        ("20241104 A talk [0bhPTk9hdGI]", NamedFacts("A talk", WATCH + "0bhPTk9hdGI", "", DAY)),
        ("2024-11-04 - A talk.en-orig", NamedFacts("A talk", "", "en", DAY)),
        ("talks__20241104_0bhPTk9hdGI", NamedFacts("Talks", WATCH + "0bhPTk9hdGI", "", DAY)),
        ("A talk-0bhPTk9hdGI", NamedFacts("A talk", WATCH + "0bhPTk9hdGI")),
        ("0bhPTk9hdGI", NamedFacts("0bhPTk9hdGI", WATCH + "0bhPTk9hdGI")),
        ("the-compressors", NamedFacts("The compressors")),
        ("talk.v2", NamedFacts("Talk.v2")),
        ("99991399 numbers", NamedFacts("99991399 numbers")),
        ("_", NamedFacts("Untitled")),
    ],
)
def test_it_reads_what_a_name_says(stem: str, facts: NamedFacts) -> None:
    assert facts_of_name(stem) == facts


def test_it_reads_what_a_downloader_wrote() -> None:
    info = b'{"title": "A  talk", "webpage_url": "https://v.example/1", "upload_date": "20241104", "language": "en-US"}'
    assert facts_of_info(info) == NamedFacts("A talk", "https://v.example/1", "en", DAY)


@pytest.mark.parametrize("info", [b"", b"[]", b"{", b'{"title": 3, "webpage_url": "javascript:x"}', b"[" * 100_000])
def test_it_is_silent_about_what_it_cannot_read(info: bytes) -> None:
    assert facts_of_info(info) == NamedFacts()


@given(st.text(min_size=1))
def test_it_always_finds_a_title(stem: str) -> None:
    assert facts_of_name(stem).title
    assert stem.startswith(without_language(stem))
