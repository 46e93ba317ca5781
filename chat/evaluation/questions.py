"""The questions of an evaluation: read from a file, checked against the corpus."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from chat.events.events import Tier
from chat.events.turn import MAX_QUERY
from creators.models import Creator, Work

MAX_PROBLEMS_SHOWN = 20


class EvaluationError(Exception):
    """One line for each thing to put right, each naming its file and, where there is one, its line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        left = len(self.problems) - MAX_PROBLEMS_SHOWN
        shown = [*self.problems[:MAX_PROBLEMS_SHOWN], *([f"… and {left} more"] if left > 0 else [])]
        super().__init__("\n".join(shown))


@dataclass(frozen=True, slots=True)
class EarlierTurn:
    """An earlier turn of the conversation that a question belongs to."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question, whom it is put to (None: everyone), and the works and tier that it ought to come to.

    ``works`` are stems of sources or slugs as written, and slugs once resolved. ``location`` is file and line.
    ``quotes`` stand in the passages that ought to come first, where somebody said which those are.
    """

    location: str
    text: str
    creator: str | None
    works: tuple[str, ...]
    tier: Tier
    history: tuple[EarlierTurn, ...] = ()
    kind: str = ""
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RetrievalOutcome:
    """What retrieval came to: the tier, and the slug of each passage's work, best passage first."""

    question: LabelledQuestion
    tier: Tier
    works: tuple[str, ...]

    @property
    def rank(self) -> int | None:
        """The place, from 1, of the first passage of an expected work."""
        return next((place for place, work in enumerate(self.works, start=1) if work in self.question.works), None)

    @property
    def is_miss(self) -> bool:
        """Whether the tier is wrong, or no passage is of an expected work."""
        return self.tier != self.question.tier or (bool(self.question.works) and self.rank is None)


Metric = float | None
"""A share from 0 to 1, more being better; None where no question bears on it."""


@dataclass(frozen=True, slots=True)
class RankingMetrics:
    """How many questions there were, and each figure by its name, in the order in which they are shown."""

    questions: int
    shares: Mapping[str, Metric]


# PostgreSQL takes no NUL.
NonBlank = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00]*$")]


class _TurnLine(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    question: NonBlank
    answer: str


class _QuestionLine(BaseModel):
    """A line; unknown fields are ignored, so that a file may also hold answers and remarks."""

    model_config = ConfigDict(strict=True, extra="ignore")

    question: Annotated[NonBlank, Field(max_length=MAX_QUERY)]
    creator: NonBlank | None = None
    works: list[NonBlank] = []
    tier: Tier
    history: list[_TurnLine] = []
    kind: Annotated[str, StringConstraints(strip_whitespace=True)] = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if bool(self.works) == (self.tier == Tier.NONE):
            raise ValueError("tier is none where works is empty, and only there")
        if self.creator is None and self.tier in {Tier.CREATOR, Tier.DOMAIN}:
            raise ValueError("without a creator the tier is global or none")
        return self

    def labelled(self, location: str) -> LabelledQuestion:
        return LabelledQuestion(
            location=location,
            text=self.question,
            creator=self.creator,
            works=tuple(self.works),
            tier=self.tier,
            history=tuple(EarlierTurn(turn.question, turn.answer) for turn in self.history),
            kind=self.kind,
        )


def read_questions(files: Iterable[Path]) -> list[LabelledQuestion]:
    """Return the questions of the files in order; raises ``EvaluationError`` with everything that is wrong in them."""
    questions: list[LabelledQuestion] = []
    problems: list[str] = []
    for file in files:
        for location, line in _lines(file, problems):
            try:
                questions.append(_QuestionLine.model_validate_json(line).labelled(location))
            except ValidationError as error:
                problems += [f"{location}: {reason}" for reason in _reasons(error)]
    if not questions and not problems:
        problems.append("there is no question in what was named")
    if problems:
        raise EvaluationError(problems)
    return questions


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
class _WorkName:
    """A work as questions may name it."""

    slug: str
    creator: str


class _UnknownNameError(LookupError):
    """A name that the corpus doesn't know, in words."""


def resolve_names(questions: Sequence[LabelledQuestion]) -> list[LabelledQuestion]:
    """Return the questions with slugs for creators and works.

    Raises ``EvaluationError`` for every name that no published creator or work has, or that several works have.
    """
    works = _works(questions)
    names = sorted({question.creator for question in questions if question.creator})
    creators = {name: creator.slug for name in names if (creator := Creator.objects.published().named(name))}
    done: list[LabelledQuestion] = []
    problems: list[str] = []
    for question in questions:
        try:
            done.append(_resolved(question, creators=creators, works=works))
        except _UnknownNameError as error:
            problems.append(f"{question.location}: {error}")
    if problems:
        raise EvaluationError(problems)
    return done


def _resolved(
    question: LabelledQuestion, *, creators: dict[str, str], works: dict[str, list[_WorkName]]
) -> LabelledQuestion:
    creator = None
    if question.creator is not None:
        creator = creators.get(question.creator)
        if creator is None:
            raise _UnknownNameError(f'there is no creator "{question.creator}"')
    return replace(
        question,
        creator=creator,
        works=tuple(dict.fromkeys(_slug(name, works.get(name, []), creator=creator) for name in question.works)),
    )


def _slug(name: str, found: Sequence[_WorkName], *, creator: str | None) -> str:
    if not found:
        raise _UnknownNameError(f'there is no work "{name}", neither by slug nor by the stem of its source')
    own = [work for work in found if work.creator == creator] or found
    exact = [work for work in found if work.slug == name]
    chosen = exact or own
    if len(chosen) > 1:
        slugs = ", ".join(sorted(work.slug for work in chosen))
        raise _UnknownNameError(f'"{name}" may be any of the works {slugs}; name it by its slug')
    return chosen[0].slug


def _works(questions: Iterable[LabelledQuestion]) -> dict[str, list[_WorkName]]:
    """Return the published works that the questions name, by that name."""
    wanted = {name for question in questions for name in question.works}
    found: dict[str, list[_WorkName]] = defaultdict(list)
    rows = Work.objects.published().order_by("pk").values_list("slug", "source", "creator__slug")
    for slug, source, creator in rows.iterator():
        for name in {slug, PurePosixPath(source).stem} & wanted:
            found[name].append(_WorkName(slug=slug, creator=creator))
    return found
