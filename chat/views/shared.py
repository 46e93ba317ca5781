"""A shared conversation: to read, for whoever has its link, until that is taken back."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from chat import conversations
from chat.events.messages import WORDS
from chat.events.script_words import PLAYING
from chat.views.articles import articles_of
from chrysopedia.core.database import in_one_hop


@require_safe
async def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show a conversation as it was when it was shared; nothing says whose it is, and no search engine keeps it."""
    thread = await in_one_hop(partial(conversations.shared, token))
    if thread is None:
        raise Http404
    context = {"thread": thread, "articles": articles_of(thread), "words": WORDS, "script_words": PLAYING}
    response = render(request, "chat/shared.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, no_store=True)
    return response
