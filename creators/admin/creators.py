"""The admin of creators, with their voice, picture and glossary, and of domains."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import Count, Field, ManyToManyField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from creators.admin.deletion import Counted, in_words
from creators.admin.fields import LinksField, ListField, list_field
from creators.admin.pictures import PictureForm
from creators.admin.roles import CURATORS, CuratedAdmin, OwnCreators
from creators.models import Chunk, Creator, Domain, GlossaryEntry, Personality, Picture, Work


class ListsInBoxes:
    """Gives each column that holds a list a box with a line for each item."""

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Return the form field of a column."""
        return list_field(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of an admin


@admin.register(Domain)
class DomainAdmin(ListsInBoxes, admin.ModelAdmin[Domain]):
    """Domains, with the words that each adds to the English that answers are checked with."""

    list_display = ("name", "slug")
    fields = ("name", "slug", "opposites", "lowering", "ratio_names", "ratio_owners")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 -- Django's own way of writing it


class PersonalityInline(ListsInBoxes, admin.StackedInline[Personality, Creator]):
    """The voice, edited with its creator, one item a line: phrases have commas of their own."""

    model = Personality
    can_delete = False
    classes = ("collapse",)
    verbose_name_plural = "voice"


class GlossaryInline(admin.StackedInline[GlossaryEntry, Creator]):
    """The glossary of a creator, edited with them."""

    model = GlossaryEntry
    fields = (("term", "is_reviewed"), "heard", "meaning")
    extra = 0
    classes = ("collapse",)
    verbose_name_plural = "glossary"


class PictureInline(admin.StackedInline[Picture, Creator]):
    """The picture, uploaded with its creator; without one the page draws a monogram."""

    model = Picture
    form = PictureForm
    fields = ("shown", "file")
    readonly_fields = ("shown",)
    extra = 1
    max_num = 1
    classes = ("collapse",)
    verbose_name_plural = "picture"

    @admin.display(description="Now")
    def shown(self, picture: Picture) -> str:
        """The picture as the page shows it; it is there once the creator is published."""
        if not picture.pk:
            return "A drawn monogram"
        address = f"{reverse('creator-picture', args=[picture.creator.slug])}?v={picture.digest}"
        return format_html('<img src="{}" alt="" width="96" height="96">', address)


class HasWorks(admin.SimpleListFilter):
    """Creators with works to search, or without any."""

    title = "works"
    parameter_name = "has_works"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("yes", "With works"), ("no", "Without works")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the creators of the choice."""
        match self.value():
            case "yes":
                return queryset.filter(works__is_withdrawn=False).distinct()
            case "no":
                return queryset.exclude(works__is_withdrawn=False)
        return queryset


@admin.register(Creator)
class CreatorAdmin(ListsInBoxes, CuratedAdmin[Creator]):
    """Creators with their voice; works are brought in from here."""

    creator_lookup = "pk"
    list_display = ("name", "work_count", "is_published", "slug")
    list_filter = ("is_published", HasWorks, "domains")
    search_fields = ("name", "slug", "aliases")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 -- Django's own way of writing it
    fieldsets = (
        (None, {"fields": ("name", "slug", "summary", "is_published")}),
        ("Other names, fields and links", {"fields": ("aliases", "domains", "links"), "classes": ("collapse",)}),
        ("Chat on other sites", {"fields": ("embed_origins",), "classes": ("collapse",)}),
        ("Curators", {"fields": ("curators",), "classes": ("collapse",)}),
    )
    inlines = (PersonalityInline, GlossaryInline, PictureInline)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Give lists a line for each item and links a row each."""
        match db_field.name:
            case "links":
                return LinksField(label="Links", help_text="What each is called, and its address.")
            case "aliases":
                return ListField(label="Other names", help_text="By which people may ask for them, too.")
            case "summary" if "widget" not in kwargs:
                kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest | None, **kwargs: Any
    ) -> Any:
        """Give what can be chosen a box to tick each."""
        kwargs["widget"] = forms.CheckboxSelectMultiple
        if db_field.name == "curators":
            kwargs["queryset"] = get_user_model().objects.filter(groups__name=CURATORS)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[arg-type]  # Django gives None, too

    def get_fieldsets(self, request: HttpRequest, obj: Creator | None = None) -> Any:
        """Leave it to those who may change accounts to say who curates."""
        shown = super().get_fieldsets(request, obj)
        return shown if request.user.has_perm("auth.change_user") else shown[:-1]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Creator]:
        """Count the works with the rows."""
        return super().get_queryset(request).annotate(work_total=Count("works", distinct=True))

    @admin.display(description="works", ordering="work_total")
    def work_count(self, creator: Creator) -> int:
        """How many works a creator has."""
        return int(getattr(creator, "work_total", 0))

    def get_view_on_site_url(self, obj: Creator | None = None) -> str | None:
        """Return the address of the creator's page, where visitors may see it."""
        return reverse("creator-detail", args=[obj.slug]) if obj and obj.pk and obj.is_published else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say why visitors can't ask the creator yet."""
        creator: Creator | None = kwargs.get("obj")
        context["why_not"] = _why_not(creator) if creator else ""
        context["why_not_upload"] = creator is not None and creator.is_published
        return super().render_change_form(request, context, *args, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say in words what goes with a creator."""
        return in_words(self, request, objs, goes=_goes_with_creator, models=(Creator, Work, GlossaryEntry))


def _why_not(creator: Creator) -> str:
    """Return why visitors can't ask a creator, "" where they can."""
    if not creator.is_published:
        return f"Visitors don’t see {creator.name}: “is published” isn’t ticked."
    if not creator.works.exists():
        return f"Nobody can ask {creator.name} yet: there are no works. The page fills once the first is uploaded."
    if not creator.works.published().exists():
        return f"Nobody can ask {creator.name} at present: all of the works are withdrawn."
    return ""


def _goes_with_creator(creator: Creator) -> tuple[Counted, ...]:
    return (
        Counted(creator.works.count(), "work", "works"),
        Counted(Chunk.objects.filter(creator=creator).count(), "searchable passage", "searchable passages"),
        Counted(creator.glossary.count(), "glossary entry", "glossary entries"),
        Counted(creator.personality_drafts.count(), "draft of their voice", "drafts of their voice"),
        Counted(Personality.objects.filter(creator=creator).count(), "voice", "voices"),
        Counted(Picture.objects.filter(creator=creator).count(), "picture", "pictures"),
    )


@admin.register(GlossaryEntry)
class GlossaryAdmin(CuratedAdmin[GlossaryEntry]):
    """Terms and what is heard of them; none is applied before it is marked as reviewed."""

    list_display = ("term", "misheard", "creator", "domain", "is_reviewed")
    list_filter = ("is_reviewed", "is_refused", ("creator", OwnCreators), "domain")
    search_fields = ("term", "heard", "meaning")
    list_select_related = ("creator", "domain")
    actions = ("mark_as_reviewed", "propose_again")
    change_list_template = "admin/creators/glossaryentry/change_list.html"

    @admin.display(description="heard as")
    def misheard(self, entry: GlossaryEntry) -> str:
        """What transcribers make of it, in one line."""
        return ", ".join(entry.heard)

    @admin.action(description="Mark as reviewed", permissions=["change"])
    def mark_as_reviewed(self, request: HttpRequest, entries: QuerySet[GlossaryEntry]) -> None:
        """Accept the chosen entries; works take them on when they are ingested again."""
        count = entries.update(is_reviewed=True, is_refused=False)
        messages.success(request, f"{count} marked as reviewed. Ingest the works again to have them corrected.")

    @admin.action(description="Propose again what was refused", permissions=["change"])
    def propose_again(self, request: HttpRequest, entries: QuerySet[GlossaryEntry]) -> None:
        """Have refused entries wait for a decision again."""
        count = entries.filter(is_refused=True).update(is_refused=False)
        messages.success(request, f"{count} wait again.")
