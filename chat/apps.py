"""The conversation as a Django app."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Questions, answers and what stands between them."""

    name = "chat"
    default_auto_field = "django.db.models.BigAutoField"
