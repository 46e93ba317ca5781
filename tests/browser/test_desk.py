"""The curator's desk, at both widths, by day and by night: nobody is kept out, nothing runs over the edge."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import screenshot
from tests.browser.test_states import SCHEMES, barriers
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.soak]

PAGES = {
    "desk": "/admin/",
    "questions": "/admin/chat/turn/",
    "groups": "/admin/chat/turn/groups/asked/",
    "creators": "/admin/creators/creator/",
    "new-creator": "/admin/creators/creator/add/",
    "upload": "/admin/creators/work/upload/",
    "pinned": "/admin/chat/pinnedanswer/",
}


def test_it_keeps_nobody_out(desk: Page, site: Site) -> None:
    site.ask()
    for name, address in PAGES.items():
        desk.goto(address)
        desk.evaluate(Axe().axe_script)
        for width in (1600, 360):
            desk.set_viewport_size({"width": width, "height": 900})
            for scheme in SCHEMES:
                desk.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                screenshot(desk, f"desk-{name}-{width}-{scheme}")
                assert (name, barriers(desk, preload=False)) == (name, [])
            assert desk.evaluate("document.documentElement.scrollWidth") <= width, name
