"""Form fields of the desk: lists, a line for each item, and links, a row for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Field
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class ListField(forms.CharField):
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


def list_field(db_field: Field[Any, Any]) -> ListField | None:
    """Return the form field for a column that holds a list, None for any other column."""
    if not isinstance(db_field, ArrayField):
        return None
    return ListField(label=db_field.verbose_name.capitalize(), help_text=str(db_field.help_text))


class LinkRows(forms.Widget):
    """Rows of a label and an address each, the last ones empty."""

    EMPTY = 2

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the rows as HTML."""
        rows = [(row.get("label", ""), row.get("url", "")) for row in value or () if isinstance(row, Mapping)]
        shown = [*rows, *[("", "")] * self.EMPTY]
        return render_to_string("admin/creators/link_rows.html", {"name": name, "rows": shown})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """Return the rows in which anything stands."""
        get = data.getlist if hasattr(data, "getlist") else lambda key: data.get(key, [])
        rows = zip(get(f"{name}_label"), get(f"{name}_url"), strict=False)
        stripped = ((label.strip(), url.strip()) for label, url in rows)
        return [{"label": label, "url": url} for label, url in stripped if label or url]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Say whether the form that was sent had no such rows."""
        return f"{name}_url" not in data

    def id_for_label(self, id_: str) -> str:
        """Return nothing: each box has a label of its own."""
        return ""


class LinksField(forms.Field):
    """Reads rows as a list of ``{"label": …, "url": …}``; a link without a label is called by its host."""

    widget = LinkRows
    _check = URLValidator(schemes=["http", "https"])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> list[dict[str, str]]:
        """Return the links; raises ``ValidationError`` that names what is no address."""
        links = []
        for row in value or ():
            url = row["url"] if "://" in row["url"] else f"https://{row['url']}"
            try:
                self._check(url)
            except ValidationError:
                raise ValidationError(
                    f"“{row['url'] or row['label']}” has no address like https://example.com."
                ) from None
            links.append({"label": row["label"] or url.split("/")[2], "url": url})
        return links

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether the rows differ."""
        return list(initial or ()) != list(data or ())
