"""Reading files of questions: JSON lines, each checked by itself, with an error that names file and line."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from chat.evaluation.problems import EvaluationError
from chat.evaluation.values import Asking, Said
from chat.events.events import Tier

# PostgreSQL takes no NUL.
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00]*$")]


class _Turn(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    question: Words
    answer: str


class _Line(BaseModel):
    """A line; unknown fields are ignored, so that a file may also hold answers and remarks."""

    model_config = ConfigDict(strict=True, extra="ignore")

    question: Annotated[Words, Field(max_length=1000)]
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
