"""How hard the tests try: a little in every run, and at full strength in ``make soak``."""

import gc
from collections import defaultdict
from zlib import crc32

import pytest
from hypothesis import settings

# On a busy machine any example may be slow, and a slow one is no failure.
settings.register_profile("suite", deadline=None, max_examples=25)
settings.register_profile("soak", deadline=None, max_examples=200)
settings.load_profile("suite")

# Nothing that is collected goes before the end, and looking for what might go takes a quarter of the collection.
gc.disable()


def examples(share: float) -> int:
    """Return this share of the examples that the chosen profile takes, for a test whose examples are slow."""
    return max(1, round(share * settings().max_examples))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave of a test with ``sampled(n)`` one case in n to every run, and the others to ``make soak``.

    Which one differs by test, so that of two widths each has some, and stays the same from run to run. Cases that are
    in soak for another reason don't count.
    """
    walks = defaultdict(list)
    for item in items:
        if (found := item.get_closest_marker("sampled")) and not item.get_closest_marker("soak"):
            walks[item.nodeid.partition("[")[0], found.args[0]].append(item)
    for (name, share), cases in walks.items():
        kept = crc32(name.encode()) % min(share, len(cases))
        for at, case in enumerate(cases):
            if at % share != kept:
                case.add_marker(pytest.mark.soak)


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from looking through all tests for each of them."""
    gc.collect()
    gc.freeze()
    gc.enable()
