"""The lanes in which synchronous code uses the database, the cache and the embedder, and what these raise."""

import os

from django.db import DatabaseError
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

from chrysopedia.core.lanes import Lane

CACHE_ERRORS = (ConnectionInterrupted, RedisError)
"""What a cache apart from the database raises where it does not answer: most can be done without it."""
STORAGE_ERRORS = (DatabaseError, *CACHE_ERRORS, TimeoutError)
"""What a hop raises where the database or the cache does not answer; django-redis lets some of Redis's own through."""

HEAVY_THREADS = max(2, os.cpu_count() or 2)

SEARCHES = Lane("search", threads=HEAVY_THREADS)
"""What ``/search`` looks for, which anybody may ask for as fast as they like."""
ANSWERS = Lane("answer", threads=HEAVY_THREADS)
"""What the answers of turns are looked for and put together in."""
PICTURES = Lane("picture", threads=1)
"""What pictures are drawn in, which anybody may ask for too: however many, they take one core, visitors in turn."""
STORAGE = Lane("storage", threads=6)
"""All else: pages, opening and settling turns, and what a process tells the others."""

in_one_hop = STORAGE.hop
"""Run a synchronous function that may use the database or the cache in a worker thread: see ``Lane.hop``."""
