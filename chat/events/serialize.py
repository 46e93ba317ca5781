"""Events as the plain members of the contract, from which every JSON-speaking door builds."""

from dataclasses import fields
from enum import Enum
from typing import Any
from uuid import UUID

from chat.events.events import Done, Failed, Sources


def members(value: Any) -> Any:
    """Return a frozen value as dictionaries, lists, numbers and strings, by the names of the contract."""
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: members(getattr(value, field.name)) for field in fields(value) if field.name != "type"}
    if isinstance(value, tuple | list):
        return [members(item) for item in value]
    if isinstance(value, UUID):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def payload(event: Sources | Done | Failed) -> Any:
    """Return the data of an event: a list for sources, an object for the terminal events."""
    return members(event.sources) if isinstance(event, Sources) else members(event)
