"""How much of a model's input a text fills, estimated without the model."""

import re

TOKEN = re.compile(r"[A-Za-z]{1,6}|\d{1,2}|[^\sA-Za-z\d]")
"""About one WordPiece token: six letters, two digits, a sign, or a letter of another script."""


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a WordPiece tokenizer makes of ``text``, on average a little too many.

    For all-MiniLM-L6-v2: too high by 7 % on average; of 1000 passages of 150 words one has over 17 % more.
    """
    return len(TOKEN.findall(text))
