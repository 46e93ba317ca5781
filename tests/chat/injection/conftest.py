"""Each attack in turn, as what became of it."""

from collections.abc import Callable

import pytest

from tests.chat.injection.attacks import ATTACKS, Attack
from tests.chat.injection.hostile import Outcome


@pytest.fixture(params=ATTACKS, ids=lambda attack: attack.name)
def outcome(request: pytest.FixtureRequest, ask_about: Callable[[Attack], Outcome]) -> Outcome:
    """What became of an attack."""
    attack: Attack = request.param
    return ask_about(attack)
