"""The circuit breaker of a model: one that keeps failing rests, and then a single turn tries it again.

Its state is in the cache, so that all processes know it. Synchronous, for a hop. The states are those of Nygard's
"Release It!" (2007): closed, open while it rests, half-open while one turn probes.
"""

from dataclasses import dataclass

from django.core.cache import cache

FAILURES = 5
"""Turns in a row that fail before their first word until the model rests."""
REST = 15.0
"""Seconds that it rests."""
PROBE = 60.0
"""Seconds after which a probe that nobody has told the end of is given up, as after a crash."""
MEMORY = 600
"""Seconds that failures are remembered after the last one."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """The breaker of a model, known to all processes by ``name``; ``rest`` is in seconds."""

    name: str
    rest: float = REST

    def standing(self) -> "Standing":
        """Return whether the model may be asked now; of several who ask after its rest only one is told so."""
        failures = int(cache.get(self._failures) or 0)
        if failures < FAILURES:
            return Standing(self, may_ask=True, failures=failures)
        is_resting = cache.get(self._resting) is not None
        return Standing(self, may_ask=not is_resting and cache.add(self._probing, 1, PROBE), failures=failures)

    def failed(self) -> None:
        """Count a turn that failed before its first word."""
        failures = self._count()
        cache.touch(self._failures, MEMORY)
        if failures >= FAILURES:
            cache.set(self._resting, 1, self.rest)
            cache.delete(self._probing)

    def answered(self) -> None:
        """Forget the failures: the model speaks."""
        cache.delete_many([self._failures, self._resting, self._probing])

    def gave_up(self) -> None:
        """Let another turn probe: the one that did was cancelled, which says nothing about the model."""
        cache.delete(self._probing)

    def _count(self) -> int:
        if cache.add(self._failures, 1, MEMORY):
            return 1
        try:
            return cache.incr(self._failures)
        except ValueError:  # it ran out in between
            cache.add(self._failures, 1, MEMORY)
            return 1

    @property
    def _failures(self) -> str:
        return f"breaker:{self.name}:failures"

    @property
    def _resting(self) -> str:
        return f"breaker:{self.name}:resting"

    @property
    def _probing(self) -> str:
        return f"breaker:{self.name}:probing"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a turn may ask a model, and after how many failures in a row."""

    breaker: Breaker
    may_ask: bool
    failures: int = 0

    def heard(self, *, failed: bool, answered: bool) -> None:
        """Tell the breaker how the turn ended; one that came to neither was cancelled, or asked another model."""
        if failed:
            self.breaker.failed()
        elif answered and self.failures:
            self.breaker.answered()
        elif self.may_ask and self.failures >= FAILURES and not answered:
            self.breaker.gave_up()
