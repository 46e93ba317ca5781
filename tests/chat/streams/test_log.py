"""The log of a run: numbered bytes that only grow."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from chat.events.events import Token
from chat.events.serialize import encode
from chat.streams.log import Log
from chat.streams.reader import without_first

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), max_size=12)


def log_of(texts: list[str]) -> Log:
    log = Log()
    for text in texts:
        log.append(Token(text))
    return log


@given(TEXTS, st.integers(0, 14))
def test_it_goes_on_after_any_event(texts: list[str], after: int) -> None:
    log = log_of(texts)
    blocks = [encode(Token(text), number=number) for number, text in enumerate(texts, start=1)]
    assert log.bytes_after(after) == b"".join(blocks[after:])


@given(TEXTS, st.integers(0, 14))
def test_it_is_cut_elsewhere_where_it_is_cut_here(texts: list[str], after: int) -> None:
    log = log_of(texts)
    assert without_first(log.bytes_after(0), after) == log.bytes_after(after)


async def test_it_wakes_everybody_who_waits() -> None:
    log = Log()
    waiting = [asyncio.create_task(log.more(within=5)) for _ in range(3)]
    await asyncio.sleep(0)
    log.append(Token("a"))
    assert await asyncio.gather(*waiting) == [True] * 3


async def test_it_tells_of_silence() -> None:
    assert not await Log().more(within=0.01)


async def test_it_keeps_nobody_who_has_left() -> None:
    log = Log()
    waiting = asyncio.create_task(log.more(within=5))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert not log._waiting
