"""The conversation as a Django app."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class ChatConfig(AppConfig):
    """Questions, answers and what stands between them."""

    name = "chat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the groups of accounts whenever the tables have been brought up to date."""
        from chat.admin.roles import make_roles
        from chat.llm.checks import caps_on_money

        checks.register(caps_on_money)
        post_migrate.connect(make_roles, sender=self)
