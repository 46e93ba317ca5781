"""A reader who goes from an answer to its source: the server is told which work, and the page goes there."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.test_page import PRE_DELAY, ask

pytestmark = pytest.mark.browser


def test_it_tells_the_server_which_work_was_opened(opens: Opens) -> None:
    page = opens("/")
    ask(page, PRE_DELAY)
    link = page.locator(".notes .places a[href^='/w/']").first
    with page.expect_request("**/opened") as told:
        link.click()
    assert told.value.post_data_json == {"work": "reverb-and-space"}
    expect(page).to_have_url(re.compile("/w/reverb-and-space"))
