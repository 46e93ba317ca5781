"""Every address of the site."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path

from chat import views
from chat.admin import desk
from chat.conversations.owner import allowance_for
from chat.doors import embeddings, mcp, openai, responses
from chat.events.turn import ANYONE
from chrysopedia.api import api


def login(request: HttpRequest) -> HttpResponse:
    """Show the admin's own form, and count what is sent by address and by name; raises ``Problem`` 429."""
    if request.method == "POST":
        allowance_for(request, "logins", owner=ANYONE, name=request.POST.get("username", "")).take()
    return admin.site.login(request)


urlpatterns = [
    path("", views.home, name="home"),
    path("c/<slug:slug>", views.creator, name="creator-detail"),
    path("c/<slug:slug>/picture", views.picture, name="creator-picture"),
    path("c/<slug:slug>/card.png", views.previews.creator_card, name="creator-card"),
    path("c/<slug:slug>/feed.atom", views.indexes.feed, name="creator-feed"),
    path("c/<slug:slug>/works", views.works, name="work-list"),
    path("w/<slug:slug>", views.work, name="work-detail"),
    path("w/<slug:slug>/card.png", views.previews.work_card, name="work-card"),
    path("w/<slug:slug>/sound.wav", views.sound, name="work-sound"),
    path("card.png", views.previews.site_card, name="site-card"),
    path("oembed", views.previews.oembed, name="oembed"),
    path("robots.txt", views.indexes.robots, name="robots"),
    path("llms.txt", views.indexes.llms, name="llms"),
    path("sitemap.xml", views.indexes.sitemap, name="sitemap"),
    path("sitemap-<slug:section>-<int:number>.xml", views.indexes.sitemap_page, name="sitemap-page"),
    path("embed.js", views.embed.loader, name="embed-loader"),
    path("embed/<slug:slug>", views.embed.frame, name="embed-frame"),
    path("embed/<slug:slug>/example", views.embed.example, name="embed-example"),
    path("mcp", mcp.endpoint, name="mcp"),
    path("chat/ask", views.chat_stream, name="chat-stream"),
    path("chat/next", views.next_to_ask, name="next-questions"),
    path("chat/turns/<uuid:turn_id>/events", views.turn_stream, name="turn-stream"),
    path("chat/<uuid:conversation_id>", views.conversation, name="conversation-detail"),
    path("share/<slug:token>", views.shared, name="share-detail"),
    path("chat/<uuid:conversation_id>/export.md", views.export_markdown, name="conversation-markdown"),
    path("chat/<uuid:conversation_id>/export.txt", views.export_text, name="conversation-text"),
    path("share/<slug:token>/card.png", views.previews.share_card, name="share-card"),
    path("share/<slug:token>.md", views.export_shared, name="share-markdown"),
    path("admin/login/", login),
    path("admin/", admin.site.admin_view(desk)),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("v1/chat/completions", openai.completions, name="openai-completions"),
    path("v1/responses", responses.responses, name="openai-responses"),
    path("v1/embeddings", embeddings.embeddings, name="openai-embeddings"),
    path("v1/models", openai.models, name="openai-models"),
    path("v1/models/<str:name>", openai.models, name="openai-model"),
]
