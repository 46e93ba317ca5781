"""What must be the same at every weight, and the words for what is not: citations, numbers, units, phrases to avoid."""

from collections.abc import Iterable, Iterator, Sequence

from chat.grounding.markers import numbers_in, without_markers
from chat.grounding.quantities import figures_in, same
from chat.persona.avoiding import avoided
from chat.persona.values import Said


def differences(answers: Sequence[Said], *, avoid: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence for each thing in which an answer differs from the first, or breaks a rule of its own.

    An answer that failed is not compared: it says nothing about the voice.
    """
    whole = [said for said in answers if not said.failure]
    found: list[str] = []
    for said in whole[1:]:
        found += _against(whole[0], said)
    for said in whole:
        found += _own(said, avoid=avoid if said.weight > 0 else ())
    return tuple(found)


def _against(plain: Said, said: Said) -> Iterator[str]:
    here, there = f"At {said.label}", f"at {plain.label}"
    if said.model != plain.model:
        yield f"{here} another model answered than {there}."
    cited, known = set(numbers_in(said.text)), set(numbers_in(plain.text))
    if added := sorted(cited - known):
        yield f"{here} {_listed(map(_marker, added))} is cited, {there} it is not."
    if missing := sorted(known - cited):
        yield f"{here} {_listed(map(_marker, missing))} is not cited, {there} it is."
    if figures := _lacking(said.text, plain.text):
        yield f"{here} it says {_listed(figures)}, {there} it does not."
    if figures := _lacking(plain.text, said.text):
        yield f"{here} it does not say {_listed(figures)}, {there} it does."


def _own(said: Said, *, avoid: Sequence[str]) -> Iterator[str]:
    if said.is_cut:
        yield f"At {said.label} the answer ended at its full length."
    if phrases := avoided(without_markers(said.text), avoid):
        yield f"At {said.label} it uses what is to be avoided: {_listed(f'“{phrase}”' for phrase in phrases)}."


def _lacking(text: str, other: str) -> tuple[str, ...]:
    """Return the figures of a text, each once and as it is written there, that the other text does not have."""
    there = figures_in(without_markers(other))
    here = [figure for figure in figures_in(without_markers(text)) if not figure.is_implied]
    missing = (figure.text for figure in here if not any(same(figure, one) for one in there))
    return tuple(dict.fromkeys(missing))


def _marker(number: int) -> str:
    return f"[{number}]"


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items)
