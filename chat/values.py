"""The values of a turn: messages, the prompt, passages and citations."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Tier(StrEnum):
    """Whose words a passage may come from; each tier holds the one before."""

    CREATOR = "creator"
    DOMAIN = "domain"
    GLOBAL = "global"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model is asked: messages in order, and how freely it may speak."""

    messages: tuple[Message, ...]
    temperature: float
    max_tokens: int
