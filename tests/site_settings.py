"""The shipped settings for servers of the tests: what is waited for comes soon, and no text is embedded twice."""

from chrysopedia.settings import *  # noqa: F403

CHAT_TICK_SECONDS, CHAT_POLL_SECONDS = 0.1, 0.1
EMBEDDER["BACKEND"] = "tests.embedder.KeptMiniLM"  # noqa: F405
EMBEDDER["OPTIONS"]["threads"] = 1  # noqa: F405
