"""A first visit over slow 3G (400 ms, 50 kB/s), empty cache, Chromium at 360 px: ``python -m bench.page``.

Three ways side by side, each the median of ``--rounds``: as the files are written and without compression; compressed,
but with modules found level by level; as shipped. Needs Chromium. The server is ours on loopback with the demo
creators.
"""

import argparse
import os
from dataclasses import replace
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from bench.page.visit import SLOW_3G, Line, Visit, visit

PAGES = ("/", "/embed/mara-lindqvist")
PLAIN = replace(SLOW_3G, is_compressed=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chrysopedia.settings")
    from bench.page.sites import both  # which needs the settings
    from tests.browser.conftest import OPTIONS, chromium_program

    with both() as (shipped, bare), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_program(), args=OPTIONS)
        print("| page | | requests | kB on the wire | kB unpacked | painted, s | script ready, s |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for path in PAGES:
            for name, site, line in (
                ("plain", bare, PLAIN),
                ("compressed", bare, SLOW_3G),
                ("as shipped", shipped, SLOW_3G),
            ):
                print(f"| `{path}` | {name} | {_row(chromium, site.url + path, line, rounds)} |", flush=True)
        chromium.close()


def _row(chromium: Browser, url: str, line: Line, rounds: int) -> str:
    visits: list[Visit] = [visit(chromium, url, line=line) for _ in range(rounds)]
    painted, ready = (median(getattr(one, name) for one in visits) / 1000 for name in ("painted", "ready"))
    one = visits[0]
    return f"{one.requests} | {one.wire / 1000:.1f} | {one.unpacked / 1000:.1f} | {painted:.2f} | {ready:.2f}"


if __name__ == "__main__":
    main()
