"""Phrases that a voice must never use, as they are looked for in what was said."""

from collections.abc import Sequence

from chrysopedia.core.text import folded


def avoided(text: str, avoid: Sequence[str]) -> tuple[str, ...]:
    """Return those of ``avoid`` that stand in the text: whole words, whatever the case and the signs between them.

    One without any word, such as "!!!", is looked for as it is written.
    """
    said = f" {folded(text)} "
    found = []
    for phrase in avoid:
        words = folded(phrase)
        is_said = f" {words} " in said if words else bool(phrase.strip()) and phrase.strip() in text
        if is_said:
            found.append(phrase)
    return tuple(found)
