"""Every state of the page, at both widths, by day and by night: nobody is kept out, nothing runs over the edge."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Opens, screenshot
from tests.browser.states import STATES, Stage
from tests.model_server.server import ModelServer
from tests.site import Site

pytestmark = pytest.mark.browser

AXE = Axe()
GRAVE = {"serious", "critical"}


def barriers(page: Page) -> list[str]:
    """What axe-core finds that keeps people out, each with the elements it is found at."""
    found = AXE.run(page).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found if one["impact"] in GRAVE]


@pytest.mark.parametrize("width", [360, 1600])
@pytest.mark.parametrize("state", STATES)
def test_it_keeps_nobody_out(opens: Opens, model_site: Site, site_model: ModelServer, state: str, width: int) -> None:
    page = STATES[state](Stage(opens, model_site, site_model, width))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        screenshot(page, f"{state}-{width}-{scheme}")
        assert state == "no-script" or barriers(page) == []
    assert state == "no-script" or page.evaluate("document.documentElement.scrollWidth") <= width
