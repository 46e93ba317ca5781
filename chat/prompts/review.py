"""From doubtful sentences and the passages they cite to the prompt that a model is asked to compare them by."""

from collections.abc import Sequence
from string import Template
from xml.sax.saxutils import escape

from chat.events.events import Message, Prompt
from chat.prompts.prompts import read

MAX_TOKENS = 1_200


def compose_review(pairs: Sequence[tuple[str, str]]) -> Prompt:
    """Return the prompt for pairs of a sentence and the passage that it cites; they are numbered from 1."""
    listed = "\n".join(
        f'<pair id="{number}">\n<sentence>{escape(claim)}</sentence>\n<passage>{escape(passage)}</passage>\n</pair>'
        for number, (claim, passage) in enumerate(pairs, start=1)
    )
    system = Template(read("review.txt")).substitute(pairs=listed)
    return Prompt((Message("system", system), Message("user", read("review-request.txt").strip())), 0.0, MAX_TOKENS)
