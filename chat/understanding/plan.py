"""What is searched for a question: its words put right, its parts, and where to look first."""

import re
from dataclasses import dataclass, replace
from datetime import date

from chat.events.events import QuestionKind, Respelling, Understood
from chat.events.messages import MESSAGES
from chat.understanding.language import NAMES, language_of, language_of_works
from chat.understanding.names import NamedCreator, find_creators
from chat.understanding.narrowing import Narrowing, narrowing_in
from chat.understanding.parts import compared, compared_subject, labelled, points_back, split_parts, without_frame
from chat.understanding.spelling import put_right
from chat.understanding.understand import Heard
from creators.models import Creator

_NEWEST = re.compile(
    r"\b(?:latest|newest|most recent|current|up[- ]to[- ]date)\b(?: \w+)? (?:views?|opinions?|takes?|advice|"
    r"thoughts?|positions?|words?|"
    r"recommendations?|thinking|settings?|values?|stance)\b|\b(?:nowadays|these days|most recently|by now)\b",
    re.IGNORECASE,
)
"""What somebody says who wants the newest that was said."""


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part of a question that is searched by itself: the label of its answer, its words, and whose words count."""

    label: str
    text: str
    creator: NamedCreator | None = None


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """What is searched: ``text``, or each of the ``parts`` where there are any.

    ``creators`` are primary keys of those whom the question names, ``narrowing`` the works that it names.
    """

    text: str
    kind: QuestionKind = "question"
    parts: tuple[PlannedPart, ...] = ()
    creators: tuple[int, ...] = ()
    narrowing: Narrowing | None = None
    wants_newest: bool = False
    corrections: tuple[Respelling, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rewritten(self) -> str | None:
        """The question with its words put right, None where they were right."""
        return self.text if self.corrections else None

    @property
    def understood(self) -> Understood:
        """What the reader is told of it."""
        return Understood(kind=self.kind, corrections=self.corrections, notes=self.notes)


def plan_search(heard: Heard, *, today: date) -> SearchPlan:
    """Return what to search for a question. Synchronous: it reads the catalogue and the words of the corpus."""
    scope = (heard.creator_id,) if heard.creator_id is not None else ()
    if (language := language_of(heard.text)) != "en":
        return SearchPlan(heard.text, notes=_language_notes(language, scope))
    named = heard.named
    text, corrections = put_right(heard.text, creator_id=heard.creator_id, leave=named.spans)
    notes: tuple[str, ...] = ()
    if corrections:
        words = ", ".join(dict.fromkeys(one.meant for one in corrections))
        notes = (MESSAGES["searched_for"].format(words=words),)
        named = find_creators(text)
    plan = SearchPlan(text, corrections=corrections, notes=notes)
    if beside := compared(named, _asked(heard)):
        subject = without_frame(compared_subject(named.text)) or text
        parts = tuple(PlannedPart(one.name, subject, one) for one in beside)
        return replace(plan, kind="comparison", parts=parts)
    others = tuple(one.id for one in named.creators if one.id != heard.creator_id)
    narrowing = narrowing_in(named.text, creators=others or scope, today=today)
    if narrowing is None and (parts_of_it := split_parts(text)):
        labels = labelled(parts_of_it)
        texts = [f"{parts_of_it[0]}? {part}" if points_back(part) else part for part in parts_of_it]
        parts = tuple(PlannedPart(label, part) for label, part in zip(labels, texts, strict=True))
        return replace(plan, kind="parts", parts=parts, creators=others)
    return replace(plan, creators=others, narrowing=narrowing, wants_newest=bool(_NEWEST.search(text)))


def _asked(heard: Heard) -> NamedCreator | None:
    creator = Creator.objects.filter(pk=heard.creator_id).first() if heard.creator_id is not None else None
    return NamedCreator(creator.pk, creator.slug, creator.name, creator.summary, 0) if creator else None


def _language_notes(language: str, creators: tuple[int, ...]) -> tuple[str, ...]:
    """Return that the question is in another language than the works; () where it isn't, or that is unknown."""
    works = language_of_works(creators)
    if not works or works == language:
        return ()
    asked, said = NAMES.get(language, language), NAMES.get(works, works)
    return (MESSAGES["other_language"].format(asked=asked, said=said),)
