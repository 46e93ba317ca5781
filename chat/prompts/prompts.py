"""The prompts: text files, read once, each with a golden file in the tests."""

from functools import cache
from pathlib import Path


@cache
def read(name: str) -> str:
    """Return the text of a prompt file of this folder."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
