"""The formatting that an answer may have: what is read as such, and what stays plain words."""

from markdown_it import MarkdownIt

PLAIN = ("link", "image", "autolink", "reference", "html_block", "html_inline", "hr", "lheading", "code", "entity")
"""What Markdown knows and an answer does not: the browser's own writer reads none of it."""


def formatting() -> MarkdownIt:
    """Return a parser of answers: emphasis, code, lists, quotations, headings and breaks, and nothing else."""
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(PLAIN)
