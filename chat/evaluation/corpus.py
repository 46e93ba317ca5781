"""Placing questions in the corpus: the creators and works that they name, by their slugs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from chat.evaluation.problems import EvaluationError
from chat.evaluation.values import Asking
from creators.models import Creator, Work


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
