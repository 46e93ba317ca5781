"""The values of an ingest: what is known of a work beside its text, and what became of each file."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Literal, Self


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a work beside its text; "" or None where nothing is."""

    title: str = ""
    url: str = ""
    kind: str = ""
    language: str = ""
    published: date | None = None

    def over(self, other: "Facts") -> Self:
        """Return these facts, with the other's where these are silent."""
        gaps = {f.name: getattr(other, f.name) for f in fields(self) if not getattr(self, f.name)}
        return replace(self, **gaps)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: ``chunks`` it has now, and how many of them were ``embedded`` for it."""

    source: str
    status: Literal["new", "changed", "unchanged", "failed"]
    size: int
    chunks: int = 0
    embedded: int = 0
    detail: str = ""
