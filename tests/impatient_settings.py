"""The settings of servers, with a database that is given up soon."""

from tests.site_settings import *  # noqa: F403

DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 0.5  # noqa: F405

EMBEDDED_POSTGRES_WATCHED = False  # who stops the database here wants it to stay away
