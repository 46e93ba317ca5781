"""The questions of an evaluation: read from a file, checked against the corpus."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from chat.events.events import MAX_QUERY, Tier
from creators.models import Creator, Work

MOST_SHOWN = 20


class EvaluationError(Exception):
    """One line for each thing to put right, each naming its file and, where there is one, its line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        left = len(self.problems) - MOST_SHOWN
        shown = [*self.problems[:MOST_SHOWN], *([f"… and {left} more"] if left > 0 else [])]
        super().__init__("\n".join(shown))


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier turn of the conversation that a question belongs to."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, whom it is put to (None: everyone), and the works and tier that it ought to come to.

    ``works`` are stems of sources or slugs as written, and slugs once placed in the corpus. ``place`` is file and line.
    """

    place: str
    question: str
    creator: str | None
    works: tuple[str, ...]
    tier: Tier
    history: tuple[Said, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What retrieval came to: the tier, and the slug of each passage's work, best passage first."""

    asking: Asking
    tier: Tier
    works: tuple[str, ...]

    @property
    def rank(self) -> int | None:
        """The place, from 1, of the first passage of an expected work."""
        return next((place for place, work in enumerate(self.works, start=1) if work in self.asking.works), None)

    @property
    def is_miss(self) -> bool:
        """Whether the tier is wrong, or no passage is of an expected work."""
        return self.tier != self.asking.tier or (bool(self.asking.works) and self.rank is None)


Figure = float | None
"""A share from 0 to 1, more being better; None where no question bears on it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many questions there were, and each figure by its name, in the order in which they are shown."""

    questions: int
    shares: Mapping[str, Figure]


# PostgreSQL takes no NUL.
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00]*$")]


class _Turn(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    question: Words
    answer: str


class _Line(BaseModel):
    """A line; unknown fields are ignored, so that a file may also hold answers and remarks."""

    model_config = ConfigDict(strict=True, extra="ignore")

    question: Annotated[Words, Field(max_length=MAX_QUERY)]
    creator: Words | None = None
    works: list[Words] = []
    tier: Tier
    history: list[_Turn] = []
    kind: Annotated[str, StringConstraints(strip_whitespace=True)] = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if bool(self.works) == (self.tier == Tier.NONE):
            raise ValueError("tier is none where works is empty, and only there")
        if self.creator is None and self.tier in {Tier.CREATOR, Tier.DOMAIN}:
            raise ValueError("without a creator the tier is global or none")
        return self

    def asking(self, place: str) -> Asking:
        return Asking(
            place=place,
            question=self.question,
            creator=self.creator,
            works=tuple(self.works),
            tier=self.tier,
            history=tuple(Said(turn.question, turn.answer) for turn in self.history),
            kind=self.kind,
        )


def read_questions(files: Iterable[Path]) -> list[Asking]:
    """Return the questions of the files in order; raises ``EvaluationError`` with everything that is wrong in them."""
    askings: list[Asking] = []
    problems: list[str] = []
    for file in files:
        for place, line in _lines(file, problems):
            try:
                askings.append(_Line.model_validate_json(line).asking(place))
            except ValidationError as error:
                problems += [f"{place}: {reason}" for reason in _reasons(error)]
    if not askings and not problems:
        problems.append("there is no question in what was named")
    if problems:
        raise EvaluationError(problems)
    return askings


def _lines(file: Path, problems: list[str]) -> Iterator[tuple[str, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        problems.append(f"{file}: can't be read: {reason}")
        return
    # Not splitlines: JSON strings may hold U+2028, which is no end of a line here.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{file}:{number}", line


def _reasons(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False, include_input=False):
        field = ".".join(map(str, one["loc"]))
        reason = "is no JSON" if one["type"] == "json_invalid" else one["msg"].removeprefix("Value error, ")
        yield f"{field}: {reason}" if field else reason


@dataclass(frozen=True, slots=True)
class _Named:
    """A work as questions may name it."""

    slug: str
    creator: str


class _Unknown(LookupError):
    """A name that the corpus doesn't know, in words."""


def placed(askings: Sequence[Asking]) -> list[Asking]:
    """Return the questions with slugs for creators and works.

    Raises ``EvaluationError`` for every name that no published creator or work has, or that several works have.
    """
    works = _works(askings)
    names = sorted({asking.creator for asking in askings if asking.creator})
    creators = {name: creator.slug for name in names if (creator := Creator.objects.published().named(name))}
    done: list[Asking] = []
    problems: list[str] = []
    for asking in askings:
        try:
            done.append(_placed(asking, creators=creators, works=works))
        except _Unknown as error:
            problems.append(f"{asking.place}: {error}")
    if problems:
        raise EvaluationError(problems)
    return done


def _placed(asking: Asking, *, creators: dict[str, str], works: dict[str, list[_Named]]) -> Asking:
    creator = None
    if asking.creator is not None:
        creator = creators.get(asking.creator)
        if creator is None:
            raise _Unknown(f'there is no creator "{asking.creator}"')
    return replace(
        asking,
        creator=creator,
        works=tuple(dict.fromkeys(_slug(name, works.get(name, []), creator=creator) for name in asking.works)),
    )


def _slug(name: str, found: Sequence[_Named], *, creator: str | None) -> str:
    if not found:
        raise _Unknown(f'there is no work "{name}", neither by slug nor by the stem of its source')
    own = [work for work in found if work.creator == creator] or found
    exact = [work for work in found if work.slug == name]
    chosen = exact or own
    if len(chosen) > 1:
        slugs = ", ".join(sorted(work.slug for work in chosen))
        raise _Unknown(f'"{name}" may be any of the works {slugs}; name it by its slug')
    return chosen[0].slug


def _works(askings: Iterable[Asking]) -> dict[str, list[_Named]]:
    """Return the published works that the questions name, by that name."""
    wanted = {name for asking in askings for name in asking.works}
    found: dict[str, list[_Named]] = defaultdict(list)
    rows = Work.objects.published().order_by("pk").values_list("slug", "source", "creator__slug")
    for slug, source, creator in rows.iterator():
        for name in {slug, PurePosixPath(source).stem} & wanted:
            found[name].append(_Named(slug=slug, creator=creator))
    return found
