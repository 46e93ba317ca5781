"""An answer's blocks as one string of HTML."""

from typing import Any

from chat.rendering.answer import answer_blocks


def answer_html(text: str, **options: Any) -> str:
    """Return an answer as HTML, its blocks joined."""
    return "".join(answer_blocks(text, **options))
