"""The page of a creator: what they talk about, their works, and their picture."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Opens, screenshot
from tests.chrysopedia.running import manage
from tests.site import Site

pytestmark = pytest.mark.browser

PASSWORD = "correct horse 9"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1600, "light"), (1600, "dark")])
def test_it_shows_what_they_teach_and_their_works(opens: Opens, width: int, scheme: str) -> None:
    page = opens("/c/mara-lindqvist", width=width, color_scheme=scheme)
    expect(page.get_by_role("heading", name="What Mara Lindqvist talks about")).to_be_attached()
    page.get_by_role("heading", name="Works", exact=True).scroll_into_view_if_needed()
    expect(page.get_by_role("link", name="Compressing a lead vocal", exact=True)).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(page, f"creator-{width}-{scheme}")


def test_a_topic_asks_about_it(opens: Opens) -> None:
    page = opens("/c/mara-lindqvist")
    page.get_by_role("link", name="pre-delay", exact=True).click()
    expect(page.get_by_role("heading", name="What does Mara Lindqvist say about pre-delay?")).to_be_visible()
    expect(page.locator(".teaches")).to_be_hidden()


def test_a_topic_fills_the_box_without_script(opens: Opens) -> None:
    page = opens("/c/mara-lindqvist", java_script_enabled=False)
    page.get_by_role("link", name="pre-delay", exact=True).click()
    expect(page.get_by_label("Your question")).to_have_value("What does Mara Lindqvist say about pre-delay?")


def test_a_curators_picture_takes_the_place_of_the_monogram(opens: Opens, site: Site) -> None:
    written = BytesIO()
    Image.new("RGB", (500, 300), "teal").save(written, "PNG")
    manage(
        "admin",
        "--username",
        "pia",
        "--password-stdin",
        data_dir=site.data_dir,
        DATABASE_URL=site.database_url,
        given=f"{PASSWORD}\n",
    )
    page = opens("/admin/login/?next=/admin/creators/creator/")
    page.get_by_label("Username").fill("pia")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Ilse Brandt").click()
    page.locator("#id_picture-0-file").set_input_files(
        {"name": "i.png", "mimeType": "image/png", "buffer": written.getvalue()}
    )
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/c/ilse-brandt")
    for face in page.locator(".who .face, .people .face").all():
        expect(face).to_have_js_property("naturalWidth", 192)
        expect(face).to_have_attribute("alt", "")
    screenshot(page, "creator-picture-1600")
