"""The pages: the front and a creator's own, the transcript of a work, and conversations to take away."""

from chat.pages.export import export_markdown, export_shared, export_text
from chat.pages.front import creator, home
from chat.pages.work import work

__all__ = ["creator", "export_markdown", "export_shared", "export_text", "home", "work"]
