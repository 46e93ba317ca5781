"""The picture for links: its size, what is drawn and what is left out."""

from io import BytesIO

import pytest
from PIL import Image

from chat.catalogue.card import Card, drawable, drawn
from chat.catalogue.people import monogram
from tests.unseen import STORED

STAR = monogram(slug="ann", name="Ann Lee")


@pytest.mark.parametrize(("width", "size"), [(1200, (1200, 630)), (600, (600, 315)), (300, (300, 158))])
def test_it_is_a_png_of_the_width_that_is_asked_for(width: int, size: tuple[int, int]) -> None:
    with Image.open(BytesIO(drawn(Card("How?", "Ann", monogram=STAR), width=width))) as image:
        assert (image.format, image.size) == ("PNG", size)


@pytest.mark.parametrize("title", ["", "x" * 1000, "word " * 300, "How?\n\nWhy?", "“How?” – 3 × 4…"])
def test_it_is_drawn_whatever_the_title(title: str) -> None:
    assert drawn(Card(title, title, monogram=STAR)).startswith(b"\x89PNG")


def test_it_has_nothing_in_it_that_nobody_sees() -> None:
    assert drawable(f"Ho{STORED}w?") == "Ho w?"  # there is a line break among it


@pytest.mark.parametrize("text", ["Як?", "どうやって", "Zoë", "\U0001f600"])
def test_it_leaves_out_what_its_font_cannot_write(text: str) -> None:
    assert drawable(text) == ""


def test_it_shows_a_face_in_place_of_a_star() -> None:
    face = BytesIO()
    Image.new("RGB", (192, 192), "#0000ff").save(face, "WEBP", lossless=True)
    with Image.open(BytesIO(drawn(Card("How?", monogram=STAR, face=face.getvalue())))) as image:
        assert image.convert("RGB").getpixel((1053, 483)) == (0, 0, 255)
