"""The settings of servers, with an application that can be watched."""

from tests.site_settings import *  # noqa: F403

ASGI_APPLICATION = "tests.watched.application"
