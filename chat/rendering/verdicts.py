"""What is said under an answer about its ground: how many citations hold, and where the creators disagree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chat.events.events import Disagreement, Source
from chat.events.events_part import Done
from chat.events.messages import WORDS


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the ground of an answer; ``kind`` chooses its sign."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one creator says of a parameter; ``published`` is None where it is unknown or no date."""

    creator: str
    title: str
    published: date | None
    value: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A parameter of which creators say different things, in words and with each of them."""

    heading: str
    sides: tuple[Said, ...]


def findings(done: Done) -> tuple[Finding, ...]:
    """Return what there is to say about citations and sentences; nothing about an honest "none"."""
    if done.answered_by == "none":
        return ()
    found = done.grounding
    cited = found.supported + found.weak + found.unsupported
    holds = cited if found.supported == cited else 0
    rows = [("supported", holds, cited), ("unsupported", found.unsupported, cited), ("weak", found.weak, cited)]
    return tuple(_told([*rows, ("bare", found.uncited, found.claims)]))


def _told(rows: Sequence[tuple[str, int, int]]) -> Iterator[Finding]:
    for kind, count, of in rows:
        form = "only" if of == 1 else "one" if count == 1 else "many"
        if count:
            yield Finding(kind, WORDS[f"{kind}_{form}"].format(count=count, of=of))


def disputes(found: Sequence[Disagreement], *, sources: Sequence[Source]) -> tuple[Dispute, ...]:
    """Return the disagreements as the page shows them; a work is called by its title where its source is known."""
    titles = {source.number: source.title for source in sources}
    return tuple(
        Dispute(
            heading=WORDS["disagree"].format(parameter=one.parameter),
            sides=tuple(
                Said(
                    creator=setting.creator,
                    title=titles.get(setting.number, setting.work),
                    published=_date(setting.published),
                    value=setting.value,
                    quote=setting.quote,
                    url=setting.url,
                )
                for setting in one.settings
            ),
        )
        for one in found
    )


def _date(published: str) -> date | None:
    try:
        return date.fromisoformat(published)
    except ValueError:
        return None
