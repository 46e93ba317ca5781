"""The picture that other sites show beside a link to a page here: its title, whose it is, and their face or star."""

import re
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from chat.catalogue.people import Monogram
from chrysopedia.core.text import without_unseen

SIZE = (1200, 630)
"""The size that all who show such pictures take."""
WIDTHS = (1200, 600, 300)
"""The widths in which it is given, for those who want a smaller one."""
PAPER, INK, SOFT, GOLD = "#faf6ed", "#231e17", "#655b4d", "#b8860b"
EDGE = 72
FACE = 150
"""The distance of all from the sides, and the side of a face or a star; both in pixels."""
TITLE_SIZES = ((68, 2), (56, 3), (46, 4))
"""The sizes in which a title is written, the largest in which it has no more than so many lines."""
FINE = 4
"""How many times larger lines and curves are drawn before they are made smaller, so that they have no steps."""
NEAR = str.maketrans({"–": "-", "—": "-", "−": "-", "‑": "-", "×": "x", "«": "“", "»": "”", "„": "“", "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a picture: a title, a line below it, and either the monogram of a creator or their own picture."""

    title: str
    subtitle: str = ""
    monogram: Monogram | None = None
    face: bytes = b""


@lru_cache(maxsize=128)
def drawn(card: Card, *, width: int = SIZE[0]) -> bytes:
    """Return the picture as a PNG of this width.

    The font that comes with Pillow has the signs of ASCII and few more. A text with letters that it lacks is left out:
    whoever shows the picture has the title beside it.
    """
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, SIZE[1] - 14, SIZE[0], SIZE[1]), fill=GOLD)
    _paste_mark(image, at=(EDGE, EDGE))
    draw.text((EDGE + 76, EDGE + 7), "Chrysopedia", font=_font(38), fill=SOFT)
    _write_title(draw, drawable(card.title))
    bottom = SIZE[1] - EDGE - 30
    room = SIZE[0] - 2 * EDGE - (FACE + 40 if card.monogram or card.face else 0)
    subtitle = _lines(drawable(card.subtitle), _font(34), width=room)
    draw.text((EDGE, bottom - 26), subtitle[0] if subtitle else "", font=_font(34), fill=SOFT)
    corner = (SIZE[0] - EDGE - FACE, SIZE[1] - EDGE - FACE)
    if card.face:
        _paste_face(image, card.face, at=corner)
    elif card.monogram:
        _paste_star(image, card.monogram.path, at=corner)
        middle = (corner[0] + FACE // 2, corner[1] + FACE // 2)
        draw.text(middle, drawable(card.monogram.initials), font=_font(44), fill=INK, anchor="mm")
    if width != SIZE[0]:
        image = image.resize((width, height_of(width)), Image.Resampling.LANCZOS)
    if not card.face:  # a third of the bytes: 17 KB, and drawn in 25 ms where optimize=True takes 110
        image = image.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def height_of(width: int) -> int:
    """Return how high the picture of a width is."""
    return round(width * SIZE[1] / SIZE[0])


def drawable(text: str) -> str:
    """Return a text as it can be drawn, "" where the font lacks one of its letters."""
    found = " ".join(without_unseen(text).translate(NEAR).split())
    font = _font(TITLE_SIZES[0][0])
    missing = font.getmask("\uffff")
    for sign in set(found):
        mask = font.getmask(sign)
        if sign != " " and (mask.size, bytes(mask)) == (missing.size, bytes(missing)):
            return ""
    return found


def _write_title(draw: ImageDraw.ImageDraw, title: str) -> None:
    width = SIZE[0] - 2 * EDGE
    for size, most in TITLE_SIZES:
        lines = _lines(title, font := _font(size), width=width)
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(f"{lines[most - 1]} {lines[most]}", font, width=width)]
    draw.multiline_text((EDGE, EDGE + 100), "\n".join(lines), font=font, fill=INK, spacing=14)


def _lines(text: str, font: FreeTypeFont, *, width: int) -> list[str]:
    """Return a text in lines of at most so many pixels; a word that is longer is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(_cut(word, font, width=width))
    return [line for line in lines if line]


def _cut(word: str, font: FreeTypeFont, *, width: int) -> str:
    """Return a word, or as much of its beginning as has room."""
    if font.getlength(word) <= width:
        return word
    return next(cut for end in range(len(word), -1, -1) if font.getlength(cut := word[:end] + "…") <= width)


@lru_cache(maxsize=8)
def _font(size: int) -> FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, FreeTypeFont):
        raise TypeError("this Pillow was built without FreeType; install the one of requirements.txt")
    return font


def _paste_mark(image: Image.Image, *, at: tuple[int, int]) -> None:
    """Draw the sign of the site: a ring with a tail, as of a bubble of speech, and a dot."""
    side = 60 * FINE
    scale = side / 32
    tile = Image.new("L", (side, side))
    draw = ImageDraw.Draw(tile)
    thick = int(2.8 * scale)
    draw.arc([scale * one for one in (2.4, 1.4, 29.6, 28.6)], 160, 128, fill=255, width=thick)
    corners = [(8.4, 24.5), (4, 28.6), (4.9, 22), (3.9, 19)]
    draw.line([(x * scale, y * scale) for x, y in corners], fill=255, width=thick, joint="curve")
    draw.circle((16 * scale, 15 * scale), 3.8 * scale, fill=255)
    _paste(image, tile, at=at, color=GOLD)


def _paste_star(image: Image.Image, path: str, *, at: tuple[int, int]) -> None:
    """Draw the star of a monogram, whose path is within a box of 48 by 48."""
    numbers = [float(one) for one in re.findall(r"[\d.]+", path)]
    scale = FACE * FINE / 48
    corners = [(x * scale, y * scale) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    tile = Image.new("L", (FACE * FINE, FACE * FINE))
    ImageDraw.Draw(tile).line([*corners, *corners[:2]], fill=255, width=int(1.1 * scale), joint="curve")
    _paste(image, tile, at=at, color=GOLD)


def _paste_face(image: Image.Image, content: bytes, *, at: tuple[int, int]) -> None:
    """Draw a creator's picture in a circle."""
    with Image.open(BytesIO(content)) as face:
        shown = face.convert("RGB").resize((FACE, FACE), Image.Resampling.LANCZOS)
    circle = Image.new("L", (FACE * FINE, FACE * FINE))
    ImageDraw.Draw(circle).ellipse((0, 0, FACE * FINE - 1, FACE * FINE - 1), fill=255)
    image.paste(shown, at, circle.resize(shown.size, Image.Resampling.LANCZOS))


def _paste(image: Image.Image, tile: Image.Image, *, at: tuple[int, int], color: str) -> None:
    small = tile.resize((tile.width // FINE, tile.height // FINE), Image.Resampling.LANCZOS)
    image.paste(Image.new("RGB", small.size, color), at, small)
