"""What the program is put through loses nothing, at a size that ends in two minutes."""

import shutil

import pytest

from bench.chaos.__main__ import SHORT, chaos


@pytest.mark.soak
@pytest.mark.redis
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="there is no redis-server")
async def test_it_loses_nothing_and_doubles_nothing() -> None:
    rows = [row async for row in chaos(SHORT)]
    print(*rows, sep="\n")
    assert [str(row) for row in rows if row.lost or row.doubled] == []
