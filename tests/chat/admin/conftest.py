"""What every test of the desk begins with: nothing that was asked before it."""

import pytest

from chat.models import Conversation


@pytest.fixture(autouse=True)
def nothing_asked(db: None) -> None:
    """Leave out what turns of other tests have stored, for as long as a test goes on."""
    Conversation.objects.all().delete()
