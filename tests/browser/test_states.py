"""Every state of the page, at both widths, by day and by night: nobody is kept out, nothing runs over the edge."""

from collections.abc import Mapping

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Opens, Scheme, screenshot
from tests.browser.states import STATES, Stage
from tests.model_server.server import ModelServer
from tests.site import Site

pytestmark = pytest.mark.browser

AXE = Axe().axe_script
GRAVE = {"serious", "critical"}
OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules whose outcome the colours decide; that of the others stays as it was when only these change."""
SCHEMES: Mapping[Scheme, Mapping[str, object]] = {"light": {}, "dark": OF_COLOURS}
WIDE, NARROW = 1600, 360
OTHERWISE_WHEN_NARROW = ("receipt", "side", "voice", "sharing")
"""States that a reader comes to in another way on a phone; in the others the window can simply be made narrow."""
WIDTHS = [*((state, (WIDE, NARROW)) for state in STATES if state not in OTHERWISE_WHEN_NARROW)] + [
    (state, (width,)) for state in OTHERWISE_WHEN_NARROW for width in (WIDE, NARROW)
]


def barriers(page: Page, **options: object) -> list[str]:
    """What axe-core, which the page has loaded, finds that keeps people out, each with the elements it is found at."""
    found = page.evaluate("async (options) => (await axe.run(options)).violations", {**options, "elementRef": False})
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found if one["impact"] in GRAVE]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("state", "widths"), WIDTHS, ids=[f"{state}-{widths}" for state, widths in WIDTHS])
def test_it_keeps_nobody_out(
    opens: Opens, model_site: Site, site_model: ModelServer, state: str, widths: tuple[int, ...]
) -> None:
    page = STATES[state](Stage(opens, model_site, site_model, widths[0]))
    if state != "no-script":
        page.evaluate(AXE)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in SCHEMES.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            screenshot(page, f"{state}-{width}-{scheme}")
            assert state == "no-script" or barriers(page, resultTypes=["violations"], **rules) == []
        assert state == "no-script" or page.evaluate("document.documentElement.scrollWidth") <= width
