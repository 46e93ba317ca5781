"""Reading a page in tests: its elements, and those within one of a class."""

from functools import cache
from html.parser import HTMLParser

Element = tuple[str, dict[str, str]]
VOID = {"br", "hr", "img", "input", "link", "meta", "embed", "base", "path", "circle"}


class Page(HTMLParser):
    """The elements of a page in order, each with the classes that it stands under."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[tuple[str, set[str]]] = []
        self._found: list[tuple[Element, set[str]]] = []
        self.feed(html)
        self.close()

    def within(self, name: str) -> list[Element]:
        """Return the elements below those of a class."""
        return [element for element, classes in self._found if name in classes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        self._found.append((element, self._classes()))
        if tag not in VOID:
            self._open.append((tag, set(element[1].get("class", "").split())))

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag in (name for name, _ in self._open) and self._open.pop()[0] != tag:
            pass

    def _classes(self) -> set[str]:
        return set().union(*(classes for _, classes in self._open))


@cache
def read_page(html: str) -> Page:
    """Return a page that was read, once for all that is asked of it."""
    return Page(html)
