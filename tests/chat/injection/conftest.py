"""Each attack in turn, as what became of it."""

from collections.abc import Callable

import pytest

from tests.chat.injection.attacks import ATTACKS, Attack, each
from tests.chat.injection.hostile import Outcome


@pytest.fixture(params=each(ATTACKS))
def outcome(request: pytest.FixtureRequest, ask_about: Callable[[Attack], Outcome]) -> Outcome:
    """What became of an attack."""
    attack: Attack = request.param
    return ask_about(attack)
