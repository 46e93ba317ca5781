"""Text fragments: the part of an address by which a browser finds words in a page and scrolls to them."""

from urllib.parse import quote

WHOLE_WORDS = 8
EDGE_WORDS = 4


def text_fragment(words: str) -> str:
    """Return ``:~:text=…`` for the words, "" for none.

    Of a long sentence only the first and the last words are named: the page may differ a little in between.
    """
    edges = edges_of(words)
    return f":~:text={','.join(map(_encoded, edges))}" if edges else ""


def edges_of(words: str) -> tuple[str, ...]:
    """Return by what a sentence is found: itself where it is short, else its first and its last words; () for none."""
    found = words.split()
    if len(found) <= WHOLE_WORDS:
        return (" ".join(found),) if found else ()
    return " ".join(found[:EDGE_WORDS]), " ".join(found[-EDGE_WORDS:])


def with_fragment(fragment: str, *, words: str) -> str:
    """Return the fragment of an address with one that finds the words in place of any it had for that."""
    return fragment.partition(":~:")[0] + text_fragment(words)


def _encoded(words: str) -> str:
    """Return the words as a text directive takes them; a hyphen has a meaning there and quote() leaves it as it is."""
    return quote(words, safe="", errors="replace").replace("-", "%2D")
