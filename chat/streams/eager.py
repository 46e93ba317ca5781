"""Taking from a stream all that waits, and knowing when it has to be waited for."""

from collections.abc import AsyncIterator, Callable, Generator
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class Next(Generic[_T]):
    """Awaits the next value of a stream; ``on_wait`` is called once if it isn't there yet, before anybody waits."""

    def __init__(self, values: AsyncIterator[_T], *, on_wait: Callable[[], None]) -> None:
        self._values = values
        self._on_wait = on_wait

    def __await__(self) -> Generator[Any, Any, _T]:
        step = self._values.__anext__().__await__()
        try:
            waited_for = next(step)
            self._on_wait()
            while True:
                try:
                    got = yield waited_for
                except BaseException as error:
                    waited_for = step.throw(error)
                else:
                    waited_for = step.send(got)
        except StopIteration as end:
            value: _T = end.value
            return value
