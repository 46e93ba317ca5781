"""The form of a question: its fields read, and what is wrong with them in words."""

from collections.abc import Mapping
from uuid import UUID

from django.http import QueryDict

from chat.events.events import Question
from chat.events.messages import WORDS
from chat.views.numbers import number_in
from chrysopedia.core.problems import FieldError, invalid

LONGEST_QUERY = 1000


def typed_in(form: QueryDict) -> dict[str, str]:
    """Return the fields of the form; the button of an example stands for its question and its creator."""
    typed = {key: form.get(key, "") for key in ("query", "creator", "personality_weight", "conversation_id")}
    slug, _, query = form.get("example", "").partition(" ")
    return typed | {"query": query, "creator": slug} if query else typed


def question_from(typed: Mapping[str, str]) -> Question:
    """Return the question that a form holds; raises the ``Problem`` that says in words what is wrong with it."""
    query = typed["query"].replace("\r\n", "\n").strip()
    weight = number_in(typed["personality_weight"] or "0")
    if not query:
        raise invalid(FieldError("query", WORDS["empty_query"]))
    if len(query) > LONGEST_QUERY:
        raise invalid(FieldError("query", WORDS["long_query"].format(count=len(query))))
    if "\0" in query or weight is None or not 0 <= weight <= 1:
        raise invalid(FieldError("query", WORDS["unexpected"]))
    return Question(
        query=query,
        creator=typed["creator"].strip() or None,
        conversation_id=_uuid(typed["conversation_id"]),
        personality_weight=weight,
    )


def _uuid(text: str) -> UUID | None:
    """Return the id, or None for a mistyped one: the question then begins a conversation of its own."""
    try:
        return UUID(text)
    except ValueError:
        return None
