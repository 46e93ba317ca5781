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
    path("chat/ask", pages.ask, name="ask"),
    path("chat/turns/<uuid:turn_id>/events", pages.turn_events, name="turn-events"),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
]
