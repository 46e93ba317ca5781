"""The desk of what is brought in: an upload looked at before anything is stored, jobs with their progress, feeds."""

from dataclasses import asdict
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from creators.admin.roles import CuratedAdmin, OwnCreators, creators_for
from creators.admin.uploads import UploadForm
from creators.jobs.drafts import accept, look
from creators.jobs.progress import progress_of
from creators.jobs.worker import is_any_alive
from creators.models import Feed, IngestJob, JobFile, Work

LOOK_SECONDS = 1.5
"""Of each request in which a draft is looked at; the page asks again until all of it is."""
FILES_A_PAGE = 50
FIRST = ("failed", "working", "changed", "new", "waiting", "passed", "cancelled", "unchanged")
"""In which order files are shown: what wants a person comes first."""


def may_bring_in(request: HttpRequest) -> bool:
    """Say whether somebody may bring in works, and see what is brought in."""
    return request.user.has_perm("creators.change_work")


def upload(request: HttpRequest) -> HttpResponse:
    """Show the form, or keep what was brought as a draft and show what it would become."""
    if not may_bring_in(request):
        return HttpResponse("You may not bring in works.", status=403, content_type="text/plain")
    initial = {"creator": request.GET.get("creator")}
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm(initial=initial)
    form.fields["creator"].queryset = creators_for(request.user)  # type: ignore[attr-defined]  # of a choice of models
    if request.method == "POST" and form.is_valid() and (job := form.draft(by=request.user)):
        return HttpResponseRedirect(reverse("admin:creators_ingestjob_change", args=[job.pk]))
    context = {**admin.site.each_context(request), "form": form, "title": "Upload works", "opts": Work._meta}
    return TemplateResponse(request, "admin/creators/work/upload.html", context)


@admin.register(IngestJob)
class IngestJobAdmin(CuratedAdmin[IngestJob]):
    """Uploads: what each would become, how far it is, and what became of each file."""

    when_empty = "None yet: “Upload works” brings in files, a folder, or an address."
    list_display = ("label", "creator", "state", "files_done", "created")
    list_filter = ("state", ("creator", OwnCreators))
    list_select_related = ("creator",)
    search_fields = ("label",)
    actions = ("cancel", "retry")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As with works."""
        return may_bring_in(request)

    def has_view_permission(self, request: HttpRequest, obj: IngestJob | None = None) -> bool:
        """As with works."""
        return may_bring_in(request)

    def has_change_permission(self, request: HttpRequest, obj: IngestJob | None = None) -> bool:
        """As with works."""
        return may_bring_in(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Jobs are made by "Upload works"."""
        return False

    @admin.display(description="files done")
    def files_done(self, job: IngestJob) -> str:
        """How many of its files are done."""
        return f"{getattr(job, 'done_total', 0)} of {getattr(job, 'file_total', 0)}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[IngestJob]:
        """Count the files with the rows."""
        return super().get_queryset(request).with_counts()  # type: ignore[attr-defined, no-any-return]  # of its manager

    @admin.action(description="Cancel: what is stored stays, the rest is left", permissions=["change"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[IngestJob]) -> None:
        """End the chosen jobs."""
        IngestJob.objects.filter(pk__in=jobs.values("pk")).cancel()
        messages.success(request, "Cancelled. What was stored stays.")

    @admin.action(description="Retry what failed or was left", permissions=["change"])
    def retry(self, request: HttpRequest, jobs: QuerySet[IngestJob]) -> None:
        """Queue the chosen jobs again."""
        IngestJob.objects.filter(pk__in=jobs.values("pk")).retry()
        messages.success(request, "Queued again.")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a draft or a job, and do what its buttons say."""
        if not may_bring_in(request):
            raise PermissionDenied
        job = self.get_object(request, object_id)
        if job is None:
            raise Http404
        if request.method == "POST":
            return self._act(request, job)
        is_seen = job.state != IngestJob.State.DRAFT or look(job, seconds=LOOK_SECONDS)
        page = Paginator(_in_order(job), FILES_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": str(job),
            "opts": self.opts,
            "job": job,
            "page": page,
            "counts": _counts(job),
            "is_draft": job.state == IngestJob.State.DRAFT,
            "is_live": not is_seen or job.state in (IngestJob.State.QUEUED, IngestJob.State.RUNNING),
            "is_seen": is_seen,
            "is_stored": job.state == IngestJob.State.CANCELLED and job.files.filter(chunks__gt=0).exists(),
            "is_ended": job.state in IngestJob.ENDED,
            "progress": asdict(progress_of(job, now=timezone.now())),
            "is_unattended": job.state == IngestJob.State.QUEUED and not is_any_alive(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/creators/job.html", context)

    def _act(self, request: HttpRequest, job: IngestJob) -> HttpResponse:
        one = IngestJob.objects.filter(pk=job.pk)
        if "accept" in request.POST:
            _accept(request, job)
        elif "cancel" in request.POST:
            one.cancel()
            was_draft = job.state == IngestJob.State.DRAFT
            messages.success(
                request, "Discarded: nothing was stored." if was_draft else "Cancelled. What was stored stays."
            )
        elif "retry" in request.POST:
            one.retry()
        return HttpResponseRedirect(reverse("admin:creators_ingestjob_change", args=[job.pk]))


def _accept(request: HttpRequest, job: IngestJob) -> None:
    chosen = {name.removeprefix("speaker-"): label for name, label in request.POST.items()}
    files = job.files.without_content().filter(pk__in=[key for key in chosen if key.isdigit()])
    labels = {
        file.pk: str(label)
        for file in files
        for label in [chosen[str(file.pk)]]
        if file.found and label in file.found["speakers"] and label != file.found["creator_label"]
    }
    if accept(job, labels=labels) and job.feed:
        Feed.objects.filter(pk=job.feed.pk).update(is_active="subscribe" in request.POST, next_poll=Now())


def _in_order(job: IngestJob) -> QuerySet[JobFile]:
    by = "found__change" if job.state == IngestJob.State.DRAFT else "state"
    whens = [When(**{by: name}, then=Value(place)) for place, name in enumerate(FIRST)]
    place = Case(*whens, default=Value(len(FIRST)), output_field=IntegerField())
    return job.files.without_content().order_by(place, "pk")


WORDS = (
    ("new", "new"),
    ("changed", "changed"),
    ("unchanged", "as they were"),
    ("passed", "passed over"),
    ("failed", "can't be read"),
    ("cancelled", "cancelled"),
    ("waiting", "waiting"),
    ("working", "under way"),
    ("", "not looked at"),
)


def _counts(job: IngestJob) -> list[tuple[str, str, int]]:
    """Return how many files there are of each kind, with the words for it; kinds that don't occur are left out."""
    counts = job.files.counts("found__change" if job.state == IngestJob.State.DRAFT else "state")
    return [(name, words, counts[name]) for name, words in WORDS if counts.get(name)]


@admin.register(Feed)
class FeedAdmin(CuratedAdmin[Feed]):
    """Feeds that are looked at again and again; a new one is subscribed to by bringing in its address."""

    when_empty = "None yet: “Upload works” with the address of a podcast’s feed subscribes to it."
    list_display = ("__str__", "creator", "is_active", "checked", "error")
    list_filter = ("is_active", ("creator", OwnCreators))
    list_select_related = ("creator",)
    fields = ("creator", "url", "title", "is_active", "when_gone", "checked", "error")
    readonly_fields = ("creator", "url", "title", "checked", "error")
    actions = ("look_now",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A feed begins with what it would bring: "Upload works", with its address."""
        return False

    @admin.action(description="Look at them now", permissions=["change"])
    def look_now(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        """Have a worker look at the chosen feeds."""
        feeds.filter(is_active=True).update(next_poll=Now())
        messages.success(request, "They are looked at within seconds; what is new appears among the uploads.")
