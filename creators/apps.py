"""The corpus as a Django app."""

from django.apps import AppConfig


class CreatorsConfig(AppConfig):
    """Creators, their works and what is searched of them."""

    name = "creators"
    default_auto_field = "django.db.models.BigAutoField"
