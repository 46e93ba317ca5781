"""The shape of a work at the desk: its passages as people read them, hidden, preferred, cut, and whose words."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from chat.catalogue.questions import forget_examples
from chat.events.messages import clock
from chrysopedia.core.text import without_unseen
from creators.admin.roles import creators_for
from creators.embeddings import EmbeddingError, get_embedder
from creators.ingest import cuts, shape
from creators.models import Chunk, Work
from creators.transcripts.revision import ChunkText

PASSAGES_PER_PAGE = 50
LATEST = 20
"""Entries of the history that a page shows; Django's own has all."""
LONGEST_NAME = 100
LONGEST_SENTENCE = 1_000
"""Characters of a reworded sentence; a passage of many such is more than is embedded of it."""


@dataclass(frozen=True, slots=True)
class Run:
    """What somebody says without a break; ``is_guest`` where they are somebody else than the creator."""

    speaker: str
    text: str
    is_guest: bool


@dataclass(frozen=True, slots=True)
class ShapedPassage:
    """A chunk as people read it."""

    chunk: Chunk
    number: int
    time: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class ShapedSentence:
    """A sentence to change: as it reads, as it was said, and under which label of the transcript."""

    number: int
    text: str
    said: str
    label: str
    is_reworded: bool


def shape_page(request: HttpRequest, work_id: int) -> HttpResponse:
    """List the passages of a work in reading order. Synchronous."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    work = _work(request, work_id)
    chunks = work.chunks.defer("search").order_by("position")
    page = Paginator(chunks, PASSAGES_PER_PAGE).get_page(request.GET.get("p"))
    counts = work.chunks.aggregate(
        hidden=Count("pk", filter=Q(is_hidden=True)),
        preferred=Count("pk", filter=Q(is_preferred=True)),
        changed=Count("pk", filter=Q(said__isnull=False)),
        cut=Count("pk", filter=Q(recut__isnull=False)),
    )
    passages = [_passage(chunk, work) for chunk in page]
    context = {**_frame(request, work, title="Shape"), "page": page, "passages": passages, "counts": counts}
    return TemplateResponse(request, "admin/creators/work/shape.html", context)


def passage_page(request: HttpRequest, work_id: int, chunk_id: int) -> HttpResponse:
    """Show one passage by the sentence; what is posted changes it. Synchronous."""
    work = _work(request, work_id)
    chunk = get_object_or_404(work.chunks.defer("search"), pk=chunk_id)
    if request.method == "POST":
        return _act(request, work, chunk)
    context = {
        **_frame(request, work, title=f"Passage {chunk.position + 1}"),
        "passage": _passage(chunk, work),
        "sentences": _sentences(chunk),
        "labels": list(dict.fromkeys([*work.labels(), work.creator.name])),
        "is_last": not work.chunks.filter(position__gt=chunk.position).exists(),
    }
    return TemplateResponse(request, "admin/creators/work/passage.html", context)


def _work(request: HttpRequest, work_id: int) -> Work:
    if not request.user.has_perm("creators.change_work"):
        raise PermissionDenied
    works = Work.objects.filter(creator__in=creators_for(request.user)).select_related("creator")
    return get_object_or_404(works, pk=work_id)


def _frame(request: HttpRequest, work: Work, *, title: str) -> dict[str, object]:
    entries = LogEntry.objects.filter(content_type__app_label="creators", content_type__model="work")
    return {
        **admin.site.each_context(request),
        "title": title,
        "opts": Work._meta,
        "work": work,
        "history": entries.filter(object_id=str(work.pk)).select_related("user").order_by("-action_time")[:LATEST],
        "is_shown": not work.is_withdrawn and work.creator.is_published,
    }


def _passage(chunk: Chunk, work: Work) -> ShapedPassage:
    read = ChunkText(chunk.text, chunk.timing, chunk.corrected)
    said = [(read.speaker_at(begin), read.text[begin:end]) for begin, end in read.spans]
    runs = []
    for label, group in groupby(said, key=lambda one: one[0]):
        who = work.speaker_named(label)
        text = without_unseen(" ".join(text for _, text in group))
        runs.append(Run(without_unseen(who or label), text, is_guest=bool(who) and who != work.creator.name))
    time = "" if chunk.start_seconds is None else clock(chunk.start_seconds)
    return ShapedPassage(chunk, chunk.position + 1, time, tuple(runs))


def _sentences(chunk: Chunk) -> list[ShapedSentence]:
    said, changes = chunk.as_ingested, chunk.revision
    return [
        ShapedSentence(
            number=number,
            text=without_unseen(changes.texts.get(number, said.text[begin:end])),
            said=without_unseen(said.text[begin:end]),
            label=without_unseen(changes.speakers.get(number, said.speaker_at(begin))),
            is_reworded=number in changes.texts,
        )
        for number, (begin, end) in enumerate(said.spans)
    ]


def _act(request: HttpRequest, work: Work, chunk: Chunk) -> HttpResponse:
    """Do what the pressed button says, note who did it, and go back to where it was pressed."""
    name = f"Passage {chunk.position + 1}"
    try:
        done = _do(request.POST.get("act", ""), request, work, chunk)
    except EmbeddingError as error:
        done = ""
        messages.error(request, f"{name} stays as it was: the embedder gave no vectors. {error.reason}")
    except ValueError as error:
        done = ""
        messages.error(request, str(error))
    if done:
        rows, user_id = Work.objects.filter(pk=work.pk), request.user.pk or 0
        LogEntry.objects.log_actions(user_id, rows, CHANGE, f"{name}: {done}", single_object=True)
        forget_examples(work.creator.slug)
        messages.success(request, f"{name}: {done}")
    is_listed = request.POST.get("page", "").isdecimal()
    if is_listed or not Chunk.objects.filter(pk=chunk.pk).exists():
        page = request.POST["page"] if is_listed else chunk.position // PASSAGES_PER_PAGE + 1
        listed = f"{reverse('admin:chat_shape', args=[work.pk])}?p={page}#passage-{chunk.position + 1}"
        return HttpResponseRedirect(listed)
    return HttpResponseRedirect(reverse("admin:chat_passage", args=[work.pk, chunk.pk]))


def _do(act: str, request: HttpRequest, work: Work, chunk: Chunk) -> str:
    """Return what was done in words, "" for nothing; raises ``ValueError`` with what to do instead."""
    done = ""
    match act:
        case "hide":
            shape.hide(chunk)
            done = "hidden. It is searched, quoted and shown no more."
        case "show":
            shape.show(chunk, embedder=get_embedder())
            done = "shown again."
        case "prefer" | "equal":
            shape.prefer(chunk, is_preferred=act == "prefer")
            done = "preferred." if act == "prefer" else "no longer preferred."
        case "speaker":
            done = _set_speaker(request, work, chunk)
        case "words":
            done = _reword(request, chunk)
        case "restore":
            shape.restore(chunk, embedder=get_embedder())
            done = "as it was said again."
        case "split":
            done = _split(request, chunk)
        case "join":
            cuts.join(chunk, embedder=get_embedder())
            done = f"joined with passage {chunk.position + 2}; those after it count one less."
        case "uncut":
            cuts.undo(chunk, embedder=get_embedder())
            done = "cut as it was when it was brought in, and those beside it that were cut with it."
    return done


def _split(request: HttpRequest, chunk: Chunk) -> str:
    chosen = _ticked([request.POST.get("before", "")], most=len(chunk.as_ingested.spans))
    if not chosen:
        raise ValueError("Choose the sentence with which the new passage begins.")
    cuts.split(chunk, before=chosen[0], embedder=get_embedder())
    return f"split before sentence {chosen[0] + 1}; those after it count one more."


def _set_speaker(request: HttpRequest, work: Work, chunk: Chunk) -> str:
    label = " ".join(without_unseen(request.POST.get("label", "")).split())
    if not label or len(label) > LONGEST_NAME or ":" in label:
        raise ValueError(f"Write who says it: a name of up to {LONGEST_NAME} characters, without a colon.")
    if not work.speaker_named(label):
        raise ValueError(f"“{label}” names nobody, so it would count as the creator’s. Write a name, or “A guest”.")
    sentences = _ticked(request.POST.getlist("sentence"), most=len(chunk.as_ingested.spans))
    if not sentences:
        raise ValueError("Tick the sentences that they say.")
    shape.set_speaker(chunk, sentences, label=label, embedder=get_embedder())
    numbers = ", ".join(str(number + 1) for number in sentences)
    return f"{label} says sentence{'' if len(sentences) == 1 else 's'} {numbers}."


def _reword(request: HttpRequest, chunk: Chunk) -> str:
    """Reword the sentences that were sent and read otherwise than they do now; the others stay."""
    now = {one.number: one for one in _sentences(chunk)}
    sent = {at: request.POST.get(f"text-{at}") for at in now}
    texts = {at: " ".join(without_unseen(text).split()) for at, text in sent.items() if text is not None}
    if any(not text or len(text) > LONGEST_SENTENCE for text in texts.values()):
        raise ValueError(f"A sentence has 1 to {LONGEST_SENTENCE} characters. To leave all of a passage out, hide it.")
    changed = {at: text for at, text in texts.items() if text != _on_one_line(now[at].text)}
    if not changed:
        return ""
    said = chunk.as_ingested.sentences
    kept = {at: said[at] if text == _on_one_line(now[at].said) else text for at, text in changed.items()}
    shape.reword(chunk, kept, embedder=get_embedder())
    numbers = ", ".join(str(at + 1) for at in changed)
    return f"sentence{'' if len(changed) == 1 else 's'} {numbers} reworded."


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _ticked(values: list[str], *, most: int) -> list[int]:
    return sorted({int(value) for value in values if value.isdecimal() and len(value) < 6 and int(value) < most})
