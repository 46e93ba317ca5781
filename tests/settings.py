"""Settings for the tests: the shipped ones, on data of their own."""

import os

from chrysopedia.embedded.folders import default_data_dir
from tests.program import CHECKOUT
from tests.seed import DEMO

SHARED = ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "CORS_ALLOWED_ORIGINS", "DEBUG", "HOST", "PORT")
for name in [
    name for name in os.environ if name in SHARED or name.startswith(("LLM_", "EMBEDDINGS_", "RERANK_", "TRANSCRIBE_"))
]:
    del os.environ[name]  # what the developer's shell holds must not decide how a test ends
# No test speaks to the world; the system's certificates take 20 ms to load for each client of a model.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = str(CHECKOUT / "tests")
os.environ["DATA_DIR"] = str(default_data_dir(CHECKOUT, name="var/test"))

from chrysopedia.settings import *  # noqa: E402, F403

# Two test runs at the same time share the server and must not share a database. Each begins with the demo creators.
DATABASES["default"]["TEST"] = {"NAME": f"test_{os.getpid()}", "TEMPLATE": DEMO.database}  # noqa: F405
EMBEDDER["BACKEND"] = "tests.embedder.KeptMiniLM"  # noqa: F405
EMBEDDER["OPTIONS"]["threads"] = 1  # noqa: F405 - two that spin beside another test process cost half as much again
CHAT_TICK_SECONDS, CHAT_POLL_SECONDS = 0.05, 0.03
SECRET_KEY = "for tests only"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Each test's client makes the middleware anew, which would look all static files up each time: half of many a test.
SERVESTATIC_USE_FINDERS = SERVESTATIC_USE_STATIC_ROOT = False
LIMITS = dict.fromkeys(LIMITS, (0, 60))  # noqa: F405 - all tests are one visitor
ANSWERS_PER_VISITOR = READERS_PER_VISITOR = QUEUE_SECONDS = 0
