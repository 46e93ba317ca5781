"""A list in a form: a box with one item a line, because items have commas of their own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db.models import Field


class LinesField(forms.CharField):
    """Reads the lines of a box as a list; empty ones are passed over, as is NUL, which PostgreSQL refuses."""

    def __init__(self, *, help_text: str = "", **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 5, "cols": 60})
        super().__init__(widget=widget, required=False, help_text=f"{help_text} One a line.".strip(), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the text of the box."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """Return the items."""
        if isinstance(value, list | tuple):
            return list(value)
        lines = (super().to_python(value) or "").replace("\0", "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Sequence[str] | None, data: Any) -> bool:
        """Say whether the items differ, whatever the line breaks."""
        return bool(self.to_python(data) != list(initial or ()))


def lines_field(db_field: Field[Any, Any]) -> LinesField | None:
    """Return the form field for a column that holds a list, None for any other column."""
    if not isinstance(db_field, ArrayField):
        return None
    return LinesField(label=db_field.verbose_name.capitalize(), help_text=str(db_field.help_text))
