"""API keys in the admin: to see and to revoke; they are made by command, which shows the secret once."""

from typing import Any

from asgiref.sync import async_to_sync
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from chat.conversations import keys
from chat.llm.spending import spent_today
from chat.models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    """Keys, the newest first: nobody makes any here, and nothing shows a secret."""

    when_empty = "None yet: “manage.py key add” makes one."
    list_display = ("name", "kind", "beginning", "scopes", "creators", "created", "expires", "last_used", "revoked")
    search_fields = ("name", "beginning")
    readonly_fields = ("kind", "beginning", "spent", "created", "last_used", "revoked")
    exclude = ("digest",)
    actions = ("revoke",)

    @admin.display(description="Spent today on language models")
    def spent(self, key: ApiKey) -> str:
        """Say what answers cost on this day (UTC), and what they may."""
        payer = keys.payer_of(key)
        cost = spent_today([payer], now=timezone.now())[payer]
        return cost.told(tokens=key.tokens_per_day, money=float(key.money_per_day))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say which model no cap on money counts."""
        told = keys.uncounted(now=timezone.now())
        return super().changelist_view(request, {"uncounted": told, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keys are made with ``manage.py key add``."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """Keys are revoked, so that one sees later that there was one."""
        return False

    @admin.action(description="Revoke the selected keys, and stop what they are doing")
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        """End keys for good."""
        for key in chosen:
            async_to_sync(keys.revoke)(key.pk, now=timezone.now())
        self.message_user(request, "They hold no longer.")
