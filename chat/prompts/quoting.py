"""Quoting for prompts: what others wrote is data, without what nobody sees, and can't end the place it stands in."""

from xml.sax.saxutils import escape, quoteattr

from chrysopedia.core.unseen import without_unseen


def passage(text: str, *, number: int, **names: str) -> str:
    """Return a text as an element whose attributes are the names that are not empty."""
    named = "".join(f" {key}={quoteattr(one_line(name))}" for key, name in names.items() if name)
    return f'<passage number="{number}"{named}>\n{escape(without_unseen(text))}\n</passage>'


def phrase(text: str) -> str:
    """Return a name or a few words that stand among the rules, where they may begin neither a line nor an element."""
    return one_line(text).replace("<", "&lt;")


def one_line(text: str) -> str:
    """Return a text with single spaces and no line breaks."""
    return " ".join(without_unseen(text).split())
