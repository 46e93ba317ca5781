"""Every address of the site."""

from django.contrib import admin
from django.urls import path

from chat import views
from chrysopedia.api import api
from chrysopedia.health import healthz

urlpatterns = [
    path("", views.home, name="home"),
    path("c/<slug:slug>", views.creator, name="creator"),
    path("c/<slug:slug>/picture", views.picture, name="picture"),
    path("c/<slug:slug>/works", views.works, name="works"),
    path("w/<slug:slug>", views.work, name="work"),
    path("embed.js", views.embed.loader, name="embed-loader"),
    path("embed/<slug:slug>", views.embed.frame, name="embed"),
    path("embed/<slug:slug>/example", views.embed.example, name="embed-example"),
    path("chat/ask", views.ask, name="ask"),
    path("chat/turns/<uuid:turn_id>/events", views.turn_events, name="turn-events"),
    path("chat/<uuid:conversation_id>", views.conversation, name="conversation"),
    path("share/<slug:token>", views.shared, name="shared"),
    path("chat/<uuid:conversation_id>/export.md", views.export_markdown, name="export"),
    path("chat/<uuid:conversation_id>/export.txt", views.export_text, name="export-text"),
    path("share/<slug:token>.md", views.export_shared, name="export-shared"),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
]
