"""The admin of works: their facts, their chunks to read, and the upload that makes them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from creators.admin.deletion import Counted, in_words
from creators.admin.jobs import upload
from creators.admin.roles import CuratedAdmin, OwnCreators
from creators.embeddings import get_embedder
from creators.models import Chunk, Space, Work


class ChunkInline(admin.StackedInline[Chunk, Work]):
    """The chunks of a work, to read."""

    model = Chunk
    fields = (("heading", "start_seconds", "end_seconds"), "text")
    readonly_fields = ("heading", "start_seconds", "end_seconds", "text")
    classes = ("collapse",)
    verbose_name_plural = "text, as it is searched"
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Chunks are made by ingest only."""
        return False


def _goes_with_work(work: Work) -> tuple[Counted, ...]:
    return (Counted(work.chunks.count(), "searchable passage", "searchable passages"),)


def _role(who: str, *, creator: str) -> str:
    if not who:
        return "not known by name"
    return "the creator" if who == creator else "a guest"


class Searchable(admin.SimpleListFilter):
    """Works that wait for vectors, or of which nothing could be read."""

    title = "search"
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("yes", "Not searched yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the works of the choice."""
        return queryset.filter(pk__in=works_that_wait()) if self.value() == "yes" else queryset


def works_that_wait() -> QuerySet[Work]:
    """Return the works that no question finds: without chunks, or with chunks that the set embedder hasn't embedded."""
    space = Space.objects.filter(name=get_embedder().space.name).first()
    waiting = Chunk.objects.without_embedding(space).values("work_id")
    return Work.objects.filter(Q(chunks=None) | Q(pk__in=waiting), is_withdrawn=False)


MOST_AT_ONCE = 500
"""Works to which something is done at once: their keys stand in an address."""


def _chosen(act: str, works: QuerySet[Work], request: HttpRequest) -> HttpResponse | None:
    """Lead to the page that says what would be done to the works, each by its key."""
    keys = list(works.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(keys) > MOST_AT_ONCE:
        messages.error(request, f"Choose up to {MOST_AT_ONCE} works at once: search or filter the list first.")
        return None
    address = reverse("admin:chat_bulk", args=[act])
    return HttpResponseRedirect(f"{address}?ids={','.join(map(str, keys))}")


@admin.register(Work)
class WorkAdmin(CuratedAdmin[Work]):
    """Works with their chunks, and the upload that makes them."""

    list_display = ("title", "creator", "kind", "published", "language", "standing")
    list_filter = (("creator", OwnCreators), "kind", "is_withdrawn", Searchable)
    search_fields = ("title", "slug", "source")
    fieldsets = (
        (None, {"fields": ("creator", "title", "url", "published", "is_withdrawn")}),
        ("Kind, language and address here", {"fields": (("kind", "language"), "slug"), "classes": ("collapse",)}),
        ("Who speaks", {"fields": ("speakers", "creator_label"), "classes": ("collapse",)}),
        ("Where it comes from", {"fields": ("source", "content_hash"), "classes": ("collapse",)}),
    )
    readonly_fields = ("creator", "source", "content_hash", "speakers")
    list_select_related = ("creator",)
    inlines = (ChunkInline,)
    when_empty = "None yet: “Upload works” brings them in."
    change_list_template = "admin/creators/work/change_list.html"
    actions = ("withdraw", "give_back", "read_again", "set_speaker", "move")

    @admin.action(description="Withdraw", permissions=["change"])
    def withdraw(self, request: HttpRequest, works: QuerySet[Work]) -> HttpResponse | None:
        """Have them neither searched nor shown."""
        return _chosen("withdraw", works, request)

    @admin.action(description="Give back", permissions=["change"])
    def give_back(self, request: HttpRequest, works: QuerySet[Work]) -> HttpResponse | None:
        """Have them searched and shown again."""
        return _chosen("give-back", works, request)

    @admin.action(description="Read again, with the glossary as it is now", permissions=["change"])
    def read_again(self, request: HttpRequest, works: QuerySet[Work]) -> HttpResponse | None:
        """Ingest them again from the files that are kept with them."""
        return _chosen("read-again", works, request)

    @admin.action(description="Set who is the creator", permissions=["change"])
    def set_speaker(self, request: HttpRequest, works: QuerySet[Work]) -> HttpResponse | None:
        """Say by which name the creator speaks in them."""
        return _chosen("speaker", works, request)

    @admin.action(description="Move to another creator", permissions=["change"])
    def move(self, request: HttpRequest, works: QuerySet[Work]) -> HttpResponse | None:
        """Have them be another creator's."""
        return _chosen("move", works, request)

    @admin.display(description="state", ordering="is_withdrawn")
    def standing(self, work: Work) -> str:
        """Whether it is searched and shown, and else why not."""
        if work.is_withdrawn:
            return "Withdrawn"
        return "Shown" if work.creator.is_published else "Creator not published"

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
        if "is_withdrawn" in form.base_fields:
            form.base_fields["is_withdrawn"].show_hidden_initial = True
        if obj is not None and obj.taken_down and "is_withdrawn" in form.base_fields:
            form.base_fields["is_withdrawn"].help_text = (
                "It was taken down. Given back, its text is searched and shown again; answers that lost their words "
                "then stay without."
            )
        return form

    def save_model(self, request: HttpRequest, obj: Work, form: Any, change: bool) -> None:
        """Withdraw a work or give it back only where that was chosen here; no feed undoes it then.

        A form that was open while somebody took it down brings nothing back.
        """
        own, stored = Work.objects.filter(pk=obj.pk), form.initial.get("is_withdrawn")
        if "is_withdrawn" not in form.changed_data and obj.is_withdrawn != stored:
            obj.is_withdrawn = bool(stored)
            messages.warning(request, f"It was {'withdrawn' if stored else 'given back'} meanwhile, and stays so.")
        elif "is_withdrawn" in form.changed_data and obj.is_withdrawn:
            own.withdraw()
        elif "is_withdrawn" in form.changed_data:
            own.give_back()
        if not obj.is_withdrawn:
            obj.taken_down = None
        super().save_model(request, obj, form, change)

    def get_view_on_site_url(self, obj: Work | None = None) -> str | None:
        """Return the address of the work's page, where visitors may see it."""
        is_shown = obj is not None and obj.pk and not obj.is_withdrawn and obj.creator.is_published
        return reverse("work-detail", args=[obj.slug]) if is_shown and obj else None

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say in words what goes with a work."""
        return in_words(self, request, objs, goes=_goes_with_work, models=(Work,))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Works come from files: there is "Upload works" instead of an empty form."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the upload beside Django's own addresses."""
        address = path("upload/", self.admin_site.admin_view(upload), name="creators_work_upload")
        return [address, *super().get_urls()]
