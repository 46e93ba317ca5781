"""Pictures of creators: what is made of them, what is refused, and how they come in and go out."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from creators.admin import pictures
from creators.admin.pictures import PictureError, square_of
from creators.models import Creator, Picture

ORIENTATION = 0x0112
COMMENT = 0x9286


def photograph(kind: str = "JPEG", *, size: tuple[int, int] = (600, 400), turned: bool = False) -> bytes:
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, 0, size[0], size[1] // 2))  # blue above red
    exif = image.getexif()
    exif[COMMENT] = "a private note"
    if turned:
        exif[ORIENTATION] = 3
    written = BytesIO()
    image.save(written, kind, exif=exif)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(square_of(data).content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_makes_a_small_square(kind: str) -> None:
    image = opened(photograph(kind))
    assert (image.format, image.size) == ("WEBP", (192, 192))


def test_it_keeps_nothing_but_the_pixels() -> None:
    assert not opened(photograph()).getexif()
    assert b"private note" not in square_of(photograph()).content


def test_it_stands_upright_as_the_camera_was_held() -> None:
    red, _, blue = opened(photograph(turned=True)).convert("RGB").getpixel((96, 20))  # type: ignore[misc]  # of RGB
    assert red > blue


def test_it_tells_pictures_apart() -> None:
    assert square_of(photograph()).digest == square_of(photograph()).digest
    assert square_of(photograph()).digest != square_of(photograph(turned=True)).digest


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"GIF89a" + bytes(40), photograph()[:300]])
def test_it_refuses_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(PictureError, match="JPEG, PNG or WebP"):
        square_of(data)


def test_it_refuses_a_picture_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    with pytest.raises(PictureError, match="million pixels"):
        square_of(photograph())


def submit(client: Client, creator: Creator, data: bytes | None, *, kept: Picture | None = None) -> str:
    inline: dict[str, Any] = {"picture-0-creator": creator.pk, "picture-0-id": kept.pk if kept else ""}
    if data is not None:
        inline["picture-0-file"] = SimpleUploadedFile("me.jpg", data)
    forms = {f"{name}-{key}": 0 for name in ("personality", "glossary") for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    fields = {"slug": "ann", "name": "Ann", "aliases": "", "links": "[]", "summary": "", "is_published": "on"}
    management = {"picture-TOTAL_FORMS": 1, "picture-INITIAL_FORMS": int(kept is not None)}
    address = reverse("admin:creators_creator_change", args=[creator.pk])
    return client.post(address, {**fields, **forms, **management, **inline}, follow=True).content.decode()


@pytest.fixture
def ann(db: None) -> Creator:
    return Creator.objects.create(slug="ann", name="Ann")


def test_a_curator_uploads_it(admin_client: Client, ann: Creator) -> None:
    submit(admin_client, ann, photograph())
    assert bytes(Picture.objects.get(creator=ann).content) == square_of(photograph()).content


def test_a_curator_is_told_what_is_wrong(admin_client: Client, ann: Creator) -> None:
    assert "no picture that can be read" in submit(admin_client, ann, b"nothing")
    assert not Picture.objects.exists()


def test_it_stays_when_something_else_is_edited(admin_client: Client, ann: Creator) -> None:
    submit(admin_client, ann, photograph())
    kept = Picture.objects.get(creator=ann)
    assert "was changed successfully" in submit(admin_client, ann, None, kept=kept)
    assert Picture.objects.get(creator=ann).digest == kept.digest


def test_it_is_not_shown_of_somebody_unpublished(ann: Creator) -> None:
    Picture.objects.create(creator=ann, content=b"x", digest="1")
    assert Picture.objects.published().digests() == {"ann": "1"}
    Creator.objects.update(is_published=False)
    assert not Picture.objects.published().exists()
