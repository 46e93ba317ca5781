"""What other sites show of a page here beside a link to it: a title, a few words and a picture, also as oEmbed."""

from dataclasses import dataclass, replace
from functools import partial
from textwrap import shorten
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from chat import conversations
from chat.catalogue.card import SIZE, WIDTHS, Card, drawn, height_of
from chat.catalogue.linked_data import plain_text
from chat.catalogue.people import monogram
from chat.catalogue.transcript import Transcript
from chat.conversations.owner import address_of
from chat.conversations.sharing import site_url
from chat.conversations.stored import StoredConversation
from chat.events.messages import counted, duration
from chat.views.former import following
from chrysopedia.core.conditional import PERSONAL, same_for_all
from chrysopedia.core.database import PICTURES, in_one_hop
from chrysopedia.core.errors import FieldError, Problem, invalid, not_found
from chrysopedia.core.output import JSONEncoder
from creators.models import Chunk, Creator, Picture, Work

DESCRIBED = 200
"""Characters of a description at most."""
MINUTES = 5 * 60
LEAD = "Ask what creators have said, and see who said it and where."


@dataclass(frozen=True, slots=True)
class Preview:
    """What a link to a page is shown with; all addresses in it are whole. ``kind`` is the type of Open Graph.

    ``author`` is the name of a creator and ``author_url`` their page, both "" where it is nobody's.
    """

    url: str
    title: str
    description: str
    picture: str
    kind: str = "website"
    author: str = ""
    author_url: str = ""
    oembed: str = ""

    @property
    def width(self) -> int:
        """The width of the picture."""
        return SIZE[0]

    @property
    def height(self) -> int:
        """The height of the picture."""
        return SIZE[1]


def site_preview(site: str) -> Preview:
    """Return the preview of the home of everyone."""
    title = "Chrysopedia: ask, and see who said it"
    return Preview(url=f"{site}/", title=title, description=LEAD, picture=site + reverse("site-card"))


def creator_preview(*, slug: str, name: str, summary: str, site: str) -> Preview:
    """Return the preview of a creator's home."""
    return _with_oembed(
        Preview(
            url=site + reverse("creator-detail", args=[slug]),
            title=f"Ask {name}",
            description=shorten(summary, DESCRIBED, placeholder="…") or LEAD,
            picture=site + reverse("creator-card", args=[slug]),
            kind="profile",
            author=name,
            author_url=site + reverse("creator-detail", args=[slug]),
        ),
        site=site,
    )


def work_preview(work: Work, *, opening: str, site: str) -> Preview:
    """Return the preview of a work, which is described by the words that it begins with."""
    return _with_oembed(
        Preview(
            url=site + reverse("work-detail", args=[work.slug]),
            title=work.title,
            description=shorten(opening, DESCRIBED, placeholder="…") or work.title,
            picture=site + reverse("work-card", args=[work.slug]),
            kind="video.other" if work.kind == Work.Kind.VIDEO else "article",
            author=work.creator.name,
            author_url=site + reverse("creator-detail", args=[work.creator.slug]),
        ),
        site=site,
    )


def opening_of(transcript: Transcript) -> str:
    """Return the words that a transcript begins with, as many as a description takes."""
    said = (block.text for block in transcript.blocks if not block.aside)
    words = ""
    for text in said:
        words = f"{words} {text}".strip()
        if len(words) > DESCRIBED:
            break
    return words


def share_preview(conversation: StoredConversation, *, token: str, site: str) -> Preview:
    """Return the preview of a shared conversation: its first question, and the beginning of its first answer."""
    answer = plain_text(conversation.turns[0].answer) if conversation.turns else ""
    asked = conversations.creator_asked(conversation)
    return _with_oembed(
        Preview(
            url=site + reverse("share-detail", args=[token]),
            title=conversation.title,
            description=shorten(answer, DESCRIBED, placeholder="…") or LEAD,
            picture=site + reverse("share-card", args=[token]),
            kind="article",
            author=asked.name if asked else "",
            author_url=site + reverse("creator-detail", args=[asked.slug]) if asked else "",
        ),
        site=site,
    )


def _with_oembed(preview: Preview, *, site: str) -> Preview:
    return replace(preview, oembed=f"{site}{reverse('oembed')}?{urlencode({'url': preview.url, 'format': 'json'})}")


@require_safe
@same_for_all()
async def site_card(request: HttpRequest) -> HttpResponse:
    """Return the picture for links to the home of everyone."""
    return await _picture(request, Card("Ask, and see who said it."))


@following("creator-card")
@require_safe
@same_for_all()
async def creator_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the picture for links to a creator's home."""
    return await _picture(request, await in_one_hop(_creator_card, slug))


@require_safe
@same_for_all()
async def work_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the picture for links to a work."""
    return await _picture(request, await in_one_hop(_work_card, slug))


@require_safe
async def share_card(request: HttpRequest, token: str) -> HttpResponse:
    """Return the picture for links to a shared conversation, which no cache keeps: the link may be taken back."""
    response = await _picture(request, await in_one_hop(_share_card, token))
    response.headers["Cache-Control"] = PERSONAL
    response.headers["X-Robots-Tag"] = "noindex"
    return response


async def _picture(request: HttpRequest, card: Card | None) -> HttpResponse:
    """Return a card as a picture, with ``?width=600`` or ``300`` a smaller one; raises ``Http404`` for no card."""
    if card is None:
        raise Http404
    asked = request.GET.get("width", "")
    width = int(asked) if asked in map(str, WIDTHS) else SIZE[0]
    with PICTURES.seat(address_of(request) or ""):
        picture = await PICTURES.hop(partial(drawn, card, width=width))
    response = HttpResponse(picture, content_type="image/png")
    patch_cache_control(response, public=True, max_age=MINUTES)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _creator_card(slug: str) -> Card | None:
    creator = Creator.objects.published().with_work_counts().filter(slug=slug).first()
    if creator is None:
        return None
    count = getattr(creator, "work_count", 0)
    return _card_of(creator, f"Ask {creator.name}", counted(count, "work", "works") if count else "")


def _work_card(slug: str) -> Card | None:
    work = Work.objects.published().with_lengths().select_related("creator").filter(slug=slug).first()
    if work is None:
        return None
    seconds = getattr(work, "seconds", None)
    length = f", {duration(seconds)}" if seconds else ""
    return _card_of(work.creator, work.title, f"{work.creator.name} · {work.get_kind_display().lower()}{length}")


def _share_card(token: str) -> Card | None:
    shared = conversations.shared(token)
    if shared is None:
        return None
    creator = conversations.creator_asked(shared)
    more = len(shared.turns) - 1
    subtitle = f"Asked of {creator.name}" if creator else "Answered with sources"
    subtitle += f" · and {counted(more, 'question', 'questions')} more" if more > 0 else ""
    return _card_of(creator, shared.title, subtitle)


def _card_of(creator: Creator | None, title: str, subtitle: str) -> Card:
    if creator is None:
        return Card(title, subtitle)
    face = Picture.objects.published().filter(creator=creator).first()
    return Card(
        title,
        subtitle,
        monogram=monogram(slug=creator.slug, name=creator.name),
        face=bytes(face.content) if face else b"",
    )


@require_safe
@same_for_all()
async def oembed(request: HttpRequest) -> HttpResponse:
    """Describe a page here for a site that shows a link to it: works, creators and shared conversations, as JSON.

    ``?maxwidth=`` and ``&maxheight=`` bound the picture. Raises ``Problem`` 404, 422, and 501 for another format.
    """
    if request.GET.get("format", "json") != "json":
        raise Problem(501, "Not implemented", "Ask for format=json; there is no other.")
    bounds = (_bound(request, "maxwidth"), _bound(request, "maxheight"))
    url, site = request.GET.get("url", ""), site_url(request)
    name, key = _page_at(url, site=site)
    preview = await in_one_hop(_preview_of, name, key, site)
    if preview is None:
        raise not_found("page", hint="Send url=, the whole address of a work, a creator or a shared conversation.")
    response = JsonResponse(
        _described(preview, bounds=bounds, site=site), encoder=JSONEncoder, json_dumps_params={"ensure_ascii": False}
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    if name == "share-detail":
        response.headers["Cache-Control"] = PERSONAL
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _bound(request: HttpRequest, name: str) -> int:
    """Return how many pixels a side may have, a very large number where nothing is said."""
    text = request.GET.get(name, "100000")
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise invalid(FieldError(name, "must be a number of pixels"))
    return int(text)


def _page_at(url: str, *, site: str) -> tuple[str, str]:
    """Return the name of the page at an address of this site and its slug or token, both "" for any other."""
    try:
        parts = urlsplit(url)
        found = resolve(parts.path) if parts.netloc.lower() == urlsplit(site).netloc.lower() else None
    except (ValueError, Resolver404):
        return "", ""
    if found is None or found.url_name not in {"work-detail", "creator-detail", "share-detail"}:
        return "", ""
    return found.url_name, next(iter(found.kwargs.values()))


def _preview_of(name: str, key: str, site: str) -> Preview | None:
    match name:
        case "work-detail":
            work = Work.objects.published().select_related("creator").filter(slug=key).first()
            opening = Chunk.objects.openings([work.pk]).get(work.pk, "") if work else ""
            return work_preview(work, opening=opening, site=site) if work else None
        case "creator-detail":
            creator = Creator.objects.published().filter(slug=key).first()
            if creator is None:
                return None
            return creator_preview(slug=creator.slug, name=creator.name, summary=creator.summary, site=site)
        case "share-detail":
            shared = conversations.shared(key)
            return share_preview(shared, token=key, site=site) if shared else None
    return None


def _described(preview: Preview, *, bounds: tuple[int, int], site: str) -> dict[str, object]:
    """Return a preview as oEmbed's type ``link``, with the largest picture within the bounds, if any."""
    described: dict[str, object] = {
        "version": "1.0",
        "type": "link",
        "title": preview.title,
        "description": preview.description,
        "provider_name": "Chrysopedia",
        "provider_url": f"{site}/",
    }
    if preview.author:
        described |= {"author_name": preview.author, "author_url": preview.author_url}
    fitting = [one for one in WIDTHS if one <= bounds[0] and height_of(one) <= bounds[1]]
    if fitting:
        described |= {
            "thumbnail_url": f"{preview.picture}?width={fitting[0]}",
            "thumbnail_width": fitting[0],
            "thumbnail_height": height_of(fitting[0]),
        }
    return described
