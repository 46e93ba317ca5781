"""The values of a comparison: what was consulted, what was said at each weight, and what differs."""

from dataclasses import dataclass

from chat.events.events import Passage
from chat.prompts.voice import Voice


class VoicingError(Exception):
    """What has to be put right before voices can be compared, in words."""


@dataclass(frozen=True, slots=True)
class Consulted:
    """A question with the passages that it is answered from at every weight, and the voice to answer in."""

    query: str
    voice: Voice
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The answer at one weight; ``failure`` says in words why there is none, or why it breaks off."""

    weight: float
    text: str
    model: str = ""
    is_cut: bool = False
    failure: str = ""

    @property
    def label(self) -> str:
        """The weight, as it is named everywhere."""
        return f"weight {self.weight:g}"


@dataclass(frozen=True, slots=True)
class Heard:
    """A question with its answers in the order of the weights, and sentences that say what differs between them."""

    query: str
    passages: tuple[Passage, ...]
    answers: tuple[Said, ...]
    differences: tuple[str, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """What the models failed at."""
        return tuple(f"{said.label}: {said.failure}" for said in self.answers if said.failure)
