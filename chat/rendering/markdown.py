"""An answer written anew as Markdown that any reader may open: its formatting stays, and nothing in it can do more.

What came from a model, a transcript or a visitor may hold links, pictures or HTML. It is read as the page reads it, and
written with all else escaped, so that no program shows it otherwise.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import count

from markdown_it.tree import SyntaxTreeNode

from chat.rendering.answer import formatting

_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$]|(?<=[Ww]{3})\.|:(?=//)|(?<=\w)@(?=\w)|(?<=mailto):")
_BEGINS = re.compile(r"^([ \t]*)(\d{0,9})((?<=\d)[.)]|(?<!\d)[#+=:-])", re.ASCII)
_CLOSES = re.compile(r"(\s)(#+)$")
_MARKER = re.compile(r"\\\[(\d{1,3})\\\](?![(:])")
_BREAK = "\\\n"


def rewritten(answer: str, *, numbers: Collection[int]) -> str:
    """Return the answer as safe Markdown; ``[n]`` stays as it is where ``n`` is one of these numbers."""
    tree = SyntaxTreeNode(_PARSER.parse(answer))
    return "\n\n".join(_block(node, numbers) for node in tree.children)


def escaped(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is, wherever in a line it stands."""
    return _heading(_line_start(_escape(" ".join(text.split()))))


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _line_start(line: str) -> str:
    """Escape what would begin a heading, a list or a rule."""
    return _BEGINS.sub(r"\1\2\\\3", line)


def _heading(text: str) -> str:
    """Escape what at the end of a heading would not be shown."""
    return _CLOSES.sub(r"\1\\\2", text)


def _block(node: SyntaxTreeNode, numbers: Collection[int]) -> str:
    match node.type:
        case "heading":
            text = "### " + _heading(_inline(node, numbers).replace(_BREAK, " "))
        case "bullet_list":
            text = _list(node, ("-" for _ in count()), numbers)
        case "ordered_list":
            text = _list(node, (f"{number}." for number in count(int(node.attrs.get("start", 1)))), numbers)
        case "blockquote":
            text = _prefixed(_blocks(node.children, numbers), first="> ", rest="> ")
        case "fence":
            text = _fenced(node.content)
        case _:
            text = _inline(node, numbers)
    return text


def _blocks(nodes: Iterable[SyntaxTreeNode], numbers: Collection[int]) -> str:
    return "\n\n".join(_block(node, numbers) for node in nodes)


def _list(node: SyntaxTreeNode, signs: Iterator[str], numbers: Collection[int]) -> str:
    items = [(sign, _blocks(item.children, numbers)) for sign, item in zip(signs, node.children, strict=False)]
    return "\n".join(_prefixed(text, first=f"{sign} ", rest=" " * (len(sign) + 1)) for sign, text in items)


def _prefixed(text: str, *, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        (first if place == 0 else rest) + line if line else rest.rstrip() for place, line in enumerate(lines)
    )


def _fenced(code: str) -> str:
    fence = "`" * max(3, _longest_run(code) + 1)
    return f"{fence}\n{code.rstrip(chr(10))}\n{fence}"


def _inline(node: SyntaxTreeNode, numbers: Collection[int]) -> str:
    (inline,) = node.children or (None,)
    text = "".join(_span(child) for child in inline.children) if inline else ""
    lines = [_line_start(line) for line in text.split(_BREAK)]
    return _with_markers(_BREAK.join(lines), numbers)


def _span(node: SyntaxTreeNode) -> str:
    match node.type:
        case "strong" | "em":
            return node.markup + "".join(_span(child) for child in node.children) + node.markup
        case "code_inline":
            return _code(node.content)
        case "softbreak" | "hardbreak":
            return _BREAK
        case _:
            return _escape(node.content)


def _code(code: str) -> str:
    ticks = "`" * (_longest_run(code) + 1)
    space = " " if code.startswith(("`", " ")) or code.endswith(("`", " ")) else ""
    return f"{ticks}{space}{code}{space}{ticks}"


def _longest_run(code: str) -> int:
    return max((len(run) for run in re.findall("`+", code)), default=0)


def _with_markers(text: str, numbers: Collection[int]) -> str:
    """Write markers as they are, but where a sign after them would make more of them."""
    return _MARKER.sub(lambda found: f"[{found[1]}]" if int(found[1]) in numbers else found[0], text)


_PARSER = formatting()
