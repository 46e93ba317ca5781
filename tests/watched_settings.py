"""The shipped settings, with an application that can be watched."""

from chrysopedia.settings import *  # noqa: F403

ASGI_APPLICATION = "tests.watched.application"
