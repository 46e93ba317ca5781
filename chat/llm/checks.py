"""What Django's ``check`` says of language models."""

from typing import Any

from django.conf import settings
from django.core import checks

from chat.llm.spending import unpriced


def caps_on_money(**_: Any) -> list[checks.CheckMessage]:
    """Warn where the site's cap on money holds and a model has no price; those of keys are told at the desk."""
    if not settings.MONEY_PER_DAY:
        return []
    return [checks.Warning(told, id="chat.W001") for told in unpriced()]
