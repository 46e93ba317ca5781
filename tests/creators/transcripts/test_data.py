from pathlib import Path

import pytest

from chrysopedia.core.text import estimated_tokens
from creators.ingest.chunking import chunk
from creators.transcripts import SUFFIXES, read_transcript

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data" / "transcripts"
DEMO = ROOT / "creators" / "demo"
REAL = sorted(path for path in DATA.glob("*/*") if path.is_file())
SHIPPED = sorted(path for path in DEMO.glob("*/*") if path.suffix in SUFFIXES)


def check(path: Path) -> None:
    name = path.name.replace(".scd", ".txt")
    chunks = chunk(read_transcript(path.read_bytes(), name=name).segments)
    assert chunks
    assert all(estimated_tokens(draft.text) <= 235 for draft in chunks)


@pytest.mark.data
@pytest.mark.sampled(4)
@pytest.mark.skipif(not REAL, reason="the transcripts beside the checkout are absent")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_it_reads_every_real_transcript(path: Path) -> None:
    check(path)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_it_reads_every_demo_transcript(path: Path) -> None:
    check(path)
