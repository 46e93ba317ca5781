"""Test cases that curators keep: made of turns at the desk, and read as the questions of an evaluation."""

from datetime import datetime

from django.db import transaction

from chat import conversations
from chat.conversations.stored import StoredTurn, as_remembered
from chat.evaluation.questions import EarlierTurn, LabelledQuestion
from chat.events.events import Tier
from chat.models import EvaluationCase, ExpectedPassage, Turn, TurnQuerySet
from chat.retrieval.candidates import narrowest_tier, scopes_for
from creators.models import Chunk, Creator, Work
from creators.transcripts.sentences import chunk_spans

KIND = "kept"
"""The kind under which a report shows them."""


class CaseError(Exception):
    """A turn makes no test case; the message says why, for a person."""


def keep_case(row: Turn, *, earlier: TurnQuerySet, curator_id: int | None, now: datetime) -> EvaluationCase:
    """Keep a turn's question, with what its answer cited as what it ought to find; raises ``CaseError``.

    ``row`` was read with its conversation, and ``earlier`` are those turns of it that the curator may see. A case that
    there is already stays as it is.
    """
    known = EvaluationCase.objects.filter(desk_id=row.desk_id).first()
    if known:
        return known
    stored = conversations.without_reader(row)
    if stored.done is None:
        raise CaseError("It was never answered: say which passage should have won.")
    if stored.done.answered_by in {"catalogue", "conversation", "pinned"}:
        raise CaseError("It was answered without a search, so there is nothing to measure.")
    tier = stored.done.cascade_tier if stored.done.coverage != "none" else Tier.NONE
    works = list(Work.objects.published().filter(slug__in=_answering(stored))) if tier != Tier.NONE else []
    if tier != Tier.NONE and not works:
        raise CaseError("The works that it was answered from are gone.")
    with transaction.atomic():
        case = _case(row, tier=tier, earlier=earlier, curator_id=curator_id, now=now)
        ExpectedPassage.objects.bulk_create(ExpectedPassage(case=case, work=work) for work in works)
    return case


def keep_passage(
    row: Turn, chunk: Chunk, *, earlier: TurnQuerySet, curator_id: int | None, now: datetime
) -> EvaluationCase:
    """Keep that this passage should have won: works that were expected without a passage give way to it."""
    tier = _tier_of(chunk, _asked(row))
    if tier is None:
        raise CaseError("Nobody finds that passage any more: its work or its creator is hidden.")
    with transaction.atomic():
        case = EvaluationCase.objects.filter(desk_id=row.desk_id).first()
        case = case or _case(row, tier=tier, earlier=earlier, curator_id=curator_id, now=now)
        case.expected.filter(quote="").delete()
        case.expected.get_or_create(work_id=chunk.work_id, quote=telling_sentence(chunk))
        EvaluationCase.objects.filter(pk=case.pk).update(tier=tier)
    return case


def telling_sentence(chunk: Chunk) -> str:
    """Return the longest sentence of a chunk, of those that stand in no other of its work where there are such."""
    sentences = sorted((chunk.text[start:end] for start, end in chunk_spans(chunk.text, chunk.timing)), key=len)
    others = Chunk.objects.filter(work=chunk.work_id).exclude(pk=chunk.pk).values_list("text", flat=True)
    elsewhere = "\n".join(others)
    own = [sentence for sentence in sentences if sentence not in elsewhere]
    return (own or sentences or [chunk.text])[-1]


def kept_questions() -> tuple[list[LabelledQuestion], int]:
    """Return the test cases, and how many can't be asked because who or what they name is hidden."""
    found = [_labelled(case) for case in EvaluationCase.objects.in_order()]
    usable = [one for one in found if one]
    return usable, len(found) - len(usable)


def _labelled(case: EvaluationCase) -> LabelledQuestion | None:
    expected = [one for one in case.expected.all() if not one.work.is_withdrawn and one.work.creator.is_published]
    is_hidden = case.creator is not None and not case.creator.is_published
    if is_hidden or (case.tier != Tier.NONE and not expected):
        return None
    return LabelledQuestion(
        location=f"test case {case.pk}",
        text=case.question,
        creator=case.creator.slug if case.creator else None,
        works=tuple(dict.fromkeys(one.work.slug for one in expected)),
        tier=Tier(case.tier),
        history=tuple(EarlierTurn(one["question"], one["answer"]) for one in case.earlier),
        kind=KIND,
        quotes=tuple(one.quote for one in expected if one.quote),
    )


def _case(row: Turn, *, tier: Tier, earlier: TurnQuerySet, curator_id: int | None, now: datetime) -> EvaluationCase:
    before = as_remembered(earlier.filter(conversation=row.conversation, number__lt=row.number))
    return EvaluationCase.objects.create(
        desk_id=row.desk_id,
        creator=_asked(row),
        question=row.question,
        earlier=[{"question": said.question, "answer": said.answer} for said in before],
        tier=tier,
        curator_id=curator_id,
        created=now,
    )


def _asked(row: Turn) -> Creator | None:
    """Return who was asked, None for everyone; raises ``CaseError`` where they are not there any more."""
    if not row.creator_slug:
        return None
    creator = Creator.objects.published().filter(slug=row.creator_slug).first()
    if creator is None:
        raise CaseError(f"{row.creator_name} can’t be asked any more.")
    return creator


def _answering(stored: StoredTurn) -> list[str]:
    """Return the slugs of the works that an answer cites, of the first source where it cites none."""
    done = stored.done
    cited = [source.work for source in stored.sources if done and source.number in done.cited]
    return cited or [source.work for source in stored.sources[:1]]


def _tier_of(chunk: Chunk, creator: Creator | None) -> Tier | None:
    """Return the narrowest tier that holds a chunk, None where nobody may read it."""
    if not Work.objects.published().filter(pk=chunk.work_id).exists():
        return None
    try:
        return narrowest_tier(chunk.creator_id, scopes_for(creator.pk if creator else None))
    except StopIteration:
        return None
