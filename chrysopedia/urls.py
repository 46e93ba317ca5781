"""Every address of the site."""

from django.contrib import admin
from django.urls import path

from chat import pages
from chrysopedia.api import api
from chrysopedia.health import healthz

urlpatterns = [
    path("", pages.home, name="home"),
    path("c/<slug:slug>", pages.creator, name="creator"),
    path("c/<slug:slug>/picture", pages.picture, name="picture"),
    path("c/<slug:slug>/works", pages.works, name="works"),
    path("w/<slug:slug>", pages.work, name="work"),
    path("embed.js", pages.embed.loader, name="embed-loader"),
    path("embed/<slug:slug>", pages.embed.frame, name="embed"),
    path("embed/<slug:slug>/example", pages.embed.example, name="embed-example"),
    path("chat/ask", pages.ask, name="ask"),
    path("chat/turns/<uuid:turn_id>/events", pages.turn_events, name="turn-events"),
    path("chat/<uuid:conversation_id>", pages.conversation, name="conversation"),
    path("share/<slug:token>", pages.shared, name="shared"),
    path("chat/<uuid:conversation_id>/export.md", pages.export_markdown, name="export"),
    path("chat/<uuid:conversation_id>/export.txt", pages.export_text, name="export-text"),
    path("share/<slug:token>.md", pages.export_shared, name="export-shared"),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
]
