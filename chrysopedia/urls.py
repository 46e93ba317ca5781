"""Every address of the site."""

from django.contrib import admin
from django.urls import path

from chat import views
from chrysopedia.api import api

urlpatterns = [
    path("", views.home, name="home"),
    path("c/<slug:slug>", views.creator, name="creator-detail"),
    path("c/<slug:slug>/picture", views.picture, name="creator-picture"),
    path("c/<slug:slug>/works", views.works, name="work-list"),
    path("w/<slug:slug>", views.work, name="work-detail"),
    path("embed.js", views.embed.loader, name="embed-loader"),
    path("embed/<slug:slug>", views.embed.frame, name="embed-frame"),
    path("embed/<slug:slug>/example", views.embed.example, name="embed-example"),
    path("chat/ask", views.chat_stream, name="chat-stream"),
    path("chat/turns/<uuid:turn_id>/events", views.turn_stream, name="turn-stream"),
    path("chat/<uuid:conversation_id>", views.conversation, name="conversation-detail"),
    path("share/<slug:token>", views.shared, name="share-detail"),
    path("chat/<uuid:conversation_id>/export.md", views.export_markdown, name="conversation-markdown"),
    path("chat/<uuid:conversation_id>/export.txt", views.export_text, name="conversation-text"),
    path("share/<slug:token>.md", views.export_shared, name="share-markdown"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
]
