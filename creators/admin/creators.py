"""The admin of creators, works, chunks and glossaries."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, Field, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from creators.admin.jobs import upload
from creators.admin.pictures import PictureForm
from creators.models import Chunk, Creator, Domain, GlossaryEntry, Personality, Picture, Work


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


@admin.register(Domain)
class DomainAdmin(admin.ModelAdmin[Domain]):
    """Domains, with the words that each adds to the English that answers are checked with."""

    list_display = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 -- Django's own way of writing it

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Give lists a line for each item."""
        return list_field(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)


class PersonalityInline(admin.StackedInline[Personality, Creator]):
    """The voice, edited with its creator, one item a line: phrases have commas of their own."""

    model = Personality
    can_delete = False

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Give lists a line for each item."""
        return list_field(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)


class GlossaryInline(admin.TabularInline[GlossaryEntry, Creator]):
    """The glossary of a creator, edited with them."""

    model = GlossaryEntry
    fields = ("term", "heard", "meaning", "is_reviewed")
    extra = 0


class PictureInline(admin.StackedInline[Picture, Creator]):
    """The picture, uploaded with its creator; without one the page draws a monogram."""

    model = Picture
    form = PictureForm
    fields = ("shown", "file")
    readonly_fields = ("shown",)
    extra = 1
    max_num = 1

    @admin.display(description="Now")
    def shown(self, picture: Picture) -> str:
        """The picture as the page shows it; it is there once the creator is published."""
        if not picture.pk:
            return "A drawn monogram"
        address = f"{reverse('creator-picture', args=[picture.creator.slug])}?v={picture.digest}"
        return format_html('<img src="{}" alt="" width="96" height="96">', address)


@admin.register(Creator)
class CreatorAdmin(admin.ModelAdmin[Creator]):
    """Creators with their voice; works are brought in from here."""

    list_display = ("name", "slug", "work_count", "is_published")
    list_filter = ("is_published", "domains")
    search_fields = ("name", "slug", "aliases")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 -- Django's own way of writing it
    filter_horizontal = ("domains",)
    inlines = (PictureInline, PersonalityInline, GlossaryInline)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Give the sites that may embed a line each."""
        lines = list_field(db_field) if db_field.name == "embed_origins" else None
        return lines or super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Creator]:
        """Count the works with the rows."""
        return super().get_queryset(request).annotate(work_total=Count("works"))

    @admin.display(description="works", ordering="work_total")
    def work_count(self, creator: Creator) -> int:
        """How many works a creator has."""
        return int(getattr(creator, "work_total", 0))


@admin.register(GlossaryEntry)
class GlossaryAdmin(admin.ModelAdmin[GlossaryEntry]):
    """Terms and what is heard of them; none is applied before it is marked as reviewed."""

    list_display = ("term", "misheard", "creator", "domain", "is_reviewed")
    list_filter = ("is_reviewed", "creator", "domain")
    search_fields = ("term", "heard", "meaning")
    list_select_related = ("creator", "domain")
    actions = ("mark_as_reviewed",)

    @admin.display(description="heard as")
    def misheard(self, entry: GlossaryEntry) -> str:
        """What transcribers make of it, in one line."""
        return ", ".join(entry.heard)

    @admin.action(description="Mark as reviewed", permissions=["change"])
    def mark_as_reviewed(self, request: HttpRequest, entries: QuerySet[GlossaryEntry]) -> None:
        """Accept the chosen entries; works take them on when they are ingested again."""
        count = entries.update(is_reviewed=True)
        messages.success(request, f"{count} marked as reviewed. Ingest the works again to have them corrected.")


class ChunkInline(admin.TabularInline[Chunk, Work]):
    """The chunks of a work, to read."""

    model = Chunk
    fields = ("position", "heading", "start_seconds", "end_seconds", "text")
    readonly_fields = fields
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Chunks are made by ingest only."""
        return False


def _role(who: str, *, creator: str) -> str:
    if not who:
        return "not known by name"
    return "the creator" if who == creator else "a guest"


@admin.register(Work)
class WorkAdmin(admin.ModelAdmin[Work]):
    """Works with their chunks, and the upload that makes them."""

    list_display = ("title", "creator", "kind", "published", "language", "is_withdrawn")
    list_filter = ("creator", "kind", "is_withdrawn")
    search_fields = ("title", "slug", "source")
    readonly_fields = ("source", "content_hash", "speakers")
    list_select_related = ("creator",)
    inlines = (ChunkInline,)
    change_list_template = "admin/creators/work/change_list.html"

    @admin.display(description="who speaks")
    def speakers(self, work: Work) -> str:
        """The speakers found in the text, and who of them is taken for the creator."""
        found = [(label, work.speaker_named(label)) for label in work.labels()]
        told = (f"{label}: {_role(who, creator=work.creator.name)}" for label, who in found)
        return "; ".join(told) or "The text names nobody."

    def get_form(self, request: HttpRequest, obj: Work | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Let the curator choose the creator among the speakers of the work."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None and "creator_label" in form.base_fields and (labels := obj.labels()):
            rest = [obj.creator_label] if obj.creator_label and obj.creator_label not in labels else []
            choices = [("", "whoever is called like the creator"), *((label, label) for label in [*labels, *rest])]
            form.base_fields["creator_label"].widget = forms.Select(choices=choices)
        return form

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Works come from files: there is "Upload works" instead of an empty form."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the upload beside Django's own addresses."""
        address = path("upload/", self.admin_site.admin_view(upload), name="creators_work_upload")
        return [address, *super().get_urls()]
