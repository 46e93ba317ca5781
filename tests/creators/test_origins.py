"""The sites that may embed a chat: which lines are taken, and what is said of the others."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from creators.models import Creator
from creators.models.creator import validate_origin


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.com",
        "https://www.example.com:8443",
        "https://*.example.com",
        "http://localhost",
        "http://localhost:3000",
        "http://shop.localhost:8000",
        "http://127.0.0.1:5500",
        "https://xn--bcher-kva.example",
    ],
)
def test_it_takes_an_origin(origin: str) -> None:
    validate_origin(origin)


@pytest.mark.parametrize(
    ("origin", "reason"),
    [
        ("example.com", "write it like https://"),
        ("*", "write it like https://"),
        ("https:", "write it like https://"),
        ("ftp://example.com", "write it like https://"),
        ("javascript:alert(1)", "write it like https://"),
        ("https://example.com:99999", "write it like https://"),
        ("https://example.com/", "leave the rest out"),
        ("https://example.com/shop", "leave the rest out"),
        ("https://example.com?a", "leave the rest out"),
        ("HTTPS://example.com", "leave the rest out"),
        ("https://*", "can't be used"),
        ("https://*.com", "can't be used"),
        ("https://www.*.com", "can't be used"),
        ("https://me@example.com", "can't be used"),
        ("https://Example.com", "can't be used"),
        ("https://a.example; script-src *", "can't be used"),
        ("https://a.example 'self'", "can't be used"),
        ("https://[::1]", "can't be used"),
        ("http://example.com", "must begin with https"),
        ("http://127.evil.example", "must begin with https"),
        ("http://localhost.evil.example", "must begin with https"),
    ],
)
def test_it_refuses_anything_else_with_a_sentence(origin: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_origin(origin)
    assert origin in refused.value.message
    assert reason in refused.value.message


@given(st.text() | st.text(alphabet="htps:/.*;' ,a1-\n").map("https://a".__add__))
def test_it_takes_nothing_that_could_change_a_header(text: str) -> None:
    try:
        validate_origin(text)
    except ValidationError:
        return
    assert not set(text) & set(" ;,'\"\r\n\t")


@pytest.mark.django_db
def test_the_desk_takes_one_a_line(admin_client: Client) -> None:
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    page = reverse("admin:creators_creator_change", args=[creator.pk])
    fields = {"slug": "somebody", "name": "Somebody", "links": "[]", "is_published": "on"}
    for prefix in ("personality", "glossary", "picture"):
        fields |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    refused = admin_client.post(page, {**fields, "embed_origins": "https://a.example\nexample.com"})
    assert "“example.com” is not the address of a site" in refused.content.decode()
    admin_client.post(page, {**fields, "embed_origins": "https://a.example\r\nhttps://*.b.example\r\n"})
    creator.refresh_from_db()
    assert creator.embed_origins == ["https://a.example", "https://*.b.example"]
