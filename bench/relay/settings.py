"""The program's settings as the benchmark has them: all as shipped, but questions are embedded at no cost."""

from chrysopedia.settings import *  # noqa: F403

EMBEDDER = {"BACKEND": "bench.relay.canned.StillEmbedder", "OPTIONS": {}}
LIMITS = dict.fromkeys(LIMITS, (0, 60))  # noqa: F405 - all of the load comes from one address
ANSWERS_PER_VISITOR = READERS_PER_VISITOR = QUEUE_SECONDS = 0
