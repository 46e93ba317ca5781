"""Django's settings, all of them from the environment, with defaults that need nothing installed and no key."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from corsheaders.defaults import default_headers

from chrysopedia import __version__
from chrysopedia.core.logs import access_handlers
from chrysopedia.embedded.folders import default_data_dir, socket_folder
from chrysopedia.env import Environment, kept_secret
from chrysopedia.services import (
    cache_for,
    chat_models,
    database_from_url,
    embedded_database,
    embedder,
    money_per_day,
    reranker,
    token_vocabulary,
    transcriber,
)

django_stubs_ext.monkeypatch()  # lets classes of Django be written with their types, as in ModelAdmin[Work]

env = Environment(os.environ)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.path("DATA_DIR") or default_data_dir(BASE_DIR)
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.string("SECRET_KEY") or kept_secret(DATA_DIR / "secret-key")

# --- where the program listens, and what it is called from outside
HOST = env.string("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, at_least=1, at_most=65535)
VERSION = __version__
PUBLIC_URL = env.url("PUBLIC_URL", example="https://chrysopedia.example")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname
ALLOWED_HOSTS = list(env.words("ALLOWED_HOSTS")) or [".localhost", "127.0.0.1", "[::1]"]
if PUBLIC_HOST and PUBLIC_HOST not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(PUBLIC_HOST)
CORS_ALLOWED_ORIGINS = list(env.origins("CORS_ALLOWED_ORIGINS"))
CORS_ALLOW_HEADERS = [*default_headers, "last-event-id", "cache-control", "idempotency-key"]  # for coming back
CORS_EXPOSE_HEADERS = [
    *("X-Turn-Id", "X-Conversation-Id", "Retry-After", "RateLimit", "RateLimit-Policy"),
    *("ETag", "Link", "X-Total-Count", "Idempotency-Replayed", "X-Resumable-Stream-Id"),
]

# --- https, switched on by PUBLIC_URL
HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
# Django's own redirect would also catch plain http on loopback (health checks, curl on the machine itself), so it is
# told to leave every path alone and chrysopedia.middleware redirects everything but loopback.
SECURE_REDIRECT_EXEMPT = [""] if HTTPS else []
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# An https PUBLIC_URL says that a proxy stands in front, ends TLS and sets this header on every request.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []

# --- storage
EMBEDDED_POSTGRES = not env.string("DATABASE_URL")
EMBEDDED_POSTGRES_WATCHED = True
DATABASES = {
    "default": embedded_database(socket_dir=socket_folder(DATA_DIR))
    if EMBEDDED_POSTGRES
    else database_from_url(env.string("DATABASE_URL")),
}
CACHES = {"default": cache_for(env)}
MIN_FREE_DISK_MB = env.integer("MIN_FREE_DISK_MB", 200, at_least=0, at_most=10_000_000)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MAX_BODY_BYTES = 64 * 1024  # what the edge lets in, everywhere but in the admin
MAX_HISTORY_BYTES = 1024 * 1024  # where clients send the whole conversation with each question
BODY_SECONDS = 20.0  # in which such a body has to arrive
MAX_UPLOAD_BYTES = env.integer("MAX_UPLOAD_MB", 60, at_least=1, at_most=10_000) * 1024 * 1024
MAX_UPLOAD_FILES = env.integer("MAX_UPLOAD_FILES", 2000, at_least=1, at_most=100_000)
DATA_UPLOAD_MAX_NUMBER_FILES = MAX_UPLOAD_FILES
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # of a form's fields in the admin, without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000  # a long work has thousands of chunks on its page in the admin
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# --- what one visitor may do, and in how many seconds
# An https PUBLIC_URL says that a proxy stands in front, on this machine unless said otherwise.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", "127.0.0.1,::1" if HTTPS else "")
ANSWERS_PER_VISITOR = env.integer("ANSWERS_PER_VISITOR", 4, at_least=0, at_most=1000)
READERS_PER_VISITOR = env.integer("READERS_PER_VISITOR", 32, at_least=0, at_most=100_000)
ANONYMOUS_API = env.flag("ANONYMOUS_API", default=True)  # whether the API answers callers without a key or a session
QUEUE_SECONDS = env.number("QUEUE_SECONDS", 0.5, at_least=0, at_most=60)
LIMITS = {
    "questions": (env.integer("QUESTIONS_PER_MINUTE", 30, at_least=0, at_most=1_000_000), 60),
    "searches": (env.integer("SEARCHES_PER_MINUTE", 120, at_least=0, at_most=1_000_000), 60),
    "feedback": (env.integer("FEEDBACK_PER_MINUTE", 60, at_least=0, at_most=1_000_000), 60),
    "opened": (env.integer("OPENED_PER_MINUTE", 120, at_least=0, at_most=1_000_000), 60),
    "logins": (env.integer("LOGIN_ATTEMPTS", 10, at_least=0, at_most=1_000_000), 15 * 60),
}

# --- what language models may cost in a day, for all together; 0 is no cap
TOKENS_PER_DAY = env.integer("TOKENS_PER_DAY", 0, at_least=0, at_most=10**15)
MONEY_PER_DAY = money_per_day(env)

# --- what is brought in
INGEST_WORKER = env.flag("INGEST_WORKER", default=True)
# What a worker does every hour, and again while it returns True.
WORKER_CHORES = ("chat.curation.roll_up_some", "chat.curation.embed_lately")
FEED_MINUTES = env.integer("FEED_MINUTES", 5, at_least=1, at_most=10_080)
TRANSCRIBER = transcriber(env)
FETCH_ALLOWED_NETWORKS = env.networks("FETCH_ALLOWED_NETWORKS")

# --- models and turns
CHAT_MODELS = chat_models(env)
EMBEDDINGS_VOCABULARY = token_vocabulary(env)  # of tokens that clients cut texts into
EMBEDDER = embedder(env, models_dir=DATA_DIR / "models")
RERANKER = reranker(env, models_dir=DATA_DIR / "models")
# What a model may take to look at receipts again; to write, as much more.
CHAT_REVIEW_TIMEOUT: float = max([30.0, *(model["OPTIONS"]["first_token_timeout"] for model in CHAT_MODELS.values())])
CHAT_TURN_TIMEOUT: float = 150 + CHAT_REVIEW_TIMEOUT
CHAT_REPLAY_SECONDS = 600.0
CHAT_TICK_SECONDS = 0.5  # between two writes of what a process has to show to the others
CHAT_POLL_SECONDS = 0.3  # between two looks of who reads what another process writes
RUN_GRACE_SECONDS = env.number("RUN_GRACE_SECONDS", 20, at_least=0, at_most=3600)
SHUTDOWN_GRACE_SECONDS = env.number("SHUTDOWN_GRACE_SECONDS", 3, at_least=0, at_most=3600)
MAX_RUNS = env.integer("MAX_RUNS", 64, at_least=1, at_most=100_000)
KEEP_CONVERSATIONS = env.flag("KEEP_CONVERSATIONS", default=True)
RETENTION_DAYS = env.integer("RETENTION_DAYS", 90, at_least=1, at_most=36_500)

# --- Django
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "corsheaders",
    "ninja",
    "chrysopedia",
    "creators",
    "chat",
]
MIDDLEWARE = [
    "chrysopedia.middleware.content_security_policy",
    "chrysopedia.async_middleware.Security",
    "chrysopedia.api.ProblemsMiddleware",
    "chrysopedia.middleware.redirect_to_https",
    "servestatic.middleware.ServeStaticMiddleware",
    "chrysopedia.middleware.PageCompression",
    "corsheaders.middleware.CorsMiddleware",
    "chrysopedia.async_middleware.Sessions",
    "chrysopedia.async_middleware.Common",
    "chrysopedia.async_middleware.Csrf",
    "chrysopedia.async_middleware.Authentication",
    "chrysopedia.async_middleware.Messages",
    "chrysopedia.async_middleware.Frames",
]
# They look for Django's own names: what they would miss is above, on the event loop.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002", "security.W003"]
ROOT_URLCONF = "chrysopedia.urls"
ASGI_APPLICATION = "chrysopedia.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "chrysopedia.core.output.Templates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
SESSION_ENGINE = "chrysopedia.core.sessions"
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = "chrysopedia.formats"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_STORAGE = "chrysopedia.static_files.HashedFiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else STATIC_STORAGE,
    },
}

# --- one line on stderr for each record
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "chrysopedia.core.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        **{room: {"level": "INFO"} for room in ("chrysopedia", "chat", "creators")},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "uvicorn.access": {
            "handlers": access_handlers(),
            "level": "INFO",
            "propagate": False,
        },
    },
}
