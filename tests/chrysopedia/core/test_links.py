"""Links into works: to the second of what has times, to the words of a text, and never to a script."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chrysopedia.core.links import link_to, web_address

SENTENCES = st.text(min_size=1, max_size=200).filter(str.strip)
TEXT_PAGES = st.sampled_from(["https://blog.example/post", "http://b.example/a?x=1&y=2", "https://b.example/a#part"])
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}{}".format,
        st.sampled_from(["javascript:", " JavaScript:", "java\nscript:", "data:", "//", "\\\\"]),
        st.text(),
    ),
    st.builds("https://{}".format, st.text(max_size=30)),
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc&t=73s"),
        ("https://www.youtube.com/watch?v=abc&t=5", "https://www.youtube.com/watch?v=abc&t=73s"),
        ("https://m.youtube.com/watch?v=abc&start=5#t=9", "https://m.youtube.com/watch?v=abc&t=73s"),
        ("https://youtu.be/abc?si=x", "https://youtu.be/abc?si=x&t=73s"),
        ("https://www.youtube.com/shorts/a-b_c", "https://www.youtube.com/watch?v=a-b_c&t=73s"),
        ("https://www.youtube.com/live/abc?si=x", "https://www.youtube.com/watch?v=abc&t=73s"),
        ("https://www.youtube.com/embed/abc", "https://www.youtube.com/watch?v=abc&t=73s"),
        ("https://www.youtube-nocookie.com/embed/abc?start=1", "https://www.youtube.com/watch?v=abc&t=73s"),
        ("https://music.youtube.com/watch?v=abc&list=x", "https://www.youtube.com/watch?v=abc&t=73s"),
        ("https://www.youtube.com/@somebody", "https://www.youtube.com/@somebody"),
        ("https://vimeo.com/123", "https://vimeo.com/123#t=73s"),
        ("https://vimeo.com/123/0a1b2c", "https://vimeo.com/123/0a1b2c#t=73s"),
        ("https://player.vimeo.com/video/123?h=0a1b2c", "https://vimeo.com/123/0a1b2c#t=73s"),
        ("https://player.vimeo.com/video/123", "https://vimeo.com/123#t=73s"),
        ("https://cdn.example/talk.mp3", "https://cdn.example/talk.mp3#t=73"),
        ("https://cdn.example/a%20talk.MP4?x=1#t=5", "https://cdn.example/a%20talk.MP4?x=1#t=73"),
        ("https://blog.example/post#part", "https://blog.example/post#part"),
        ("https://youtube.com.example/watch?v=abc", "https://youtube.com.example/watch?v=abc"),
    ],
)
def test_it_opens_two_seconds_early(url: str, expected: str) -> None:
    assert link_to(url=url, work="w", seconds=75.8) == expected


def test_it_never_opens_before_the_beginning() -> None:
    assert link_to(url="https://youtu.be/abc", work="w", seconds=1.0) == "https://youtu.be/abc?t=0s"


def test_it_opens_the_works_page_where_there_is_no_url() -> None:
    assert link_to(url="", work="low-end", seconds=75.8) == "/w/low-end?at=75.800"


def test_it_links_to_the_beginning_of_a_work_without_times() -> None:
    assert link_to(url="", work="low-end", seconds=None) == "/w/low-end"


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        ("Cut first, cry never.", ":~:text=Cut%20first%2C%20cry%20never."),
        ("A well-known\n de-esser & more", ":~:text=A%20well%2Dknown%20de%2Desser%20%26%20more"),
        ("One two three four five six seven eight nine", ":~:text=One%20two%20three%20four,six%20seven%20eight%20nine"),
    ],
)
def test_it_finds_the_sentence_in_a_text(quote: str, fragment: str) -> None:
    link = link_to(url="https://blog.example/post#part", work="w", seconds=None, quote=quote)
    assert link == f"https://blog.example/post#part{fragment}"


@pytest.mark.parametrize(
    ("seconds", "quote", "address"),
    [
        (75.8, "Cut first, cry never.", "?at=75.800&say=Cut+first%2C+cry+never.#cited"),
        (None, "A well-known\n de-esser & more", "?say=A+well-known+de-esser+%26+more#cited"),
        (None, "A b c d e f g h i", "?say=A+b+c+d&say=f+g+h+i#cited"),
    ],
)
def test_it_names_the_sentence_to_the_page_of_a_work(seconds: float | None, quote: str, address: str) -> None:
    assert link_to(url="", work="w", seconds=seconds, quote=quote) == f"/w/w{address}"


def test_it_has_the_address_of_a_whole_work() -> None:
    assert web_address("https://www.youtube.com/shorts/abc") == "https://www.youtube.com/watch?v=abc"
    assert web_address("https://blog.example/a b") == "https://blog.example/a%20b"
    assert web_address("javascript:alert(1)") == ""


@pytest.mark.parametrize("url", ["https://youtu.be/abc", "https://vimeo.com/1", "https://cdn.example/talk.mp4"])
def test_it_looks_for_words_in_texts_only(url: str) -> None:
    assert link_to(url=url, work="w", seconds=None, quote="Cut first.") == url


@given(url=HOSTILE, seconds=st.none() | st.floats(0, 1e6), quote=st.text(max_size=50))
def test_it_never_links_to_anything_but_the_web_and_this_site(url: str, seconds: float | None, quote: str) -> None:
    link = link_to(url=url, work="w", seconds=seconds, quote=quote)
    assert link.startswith(("https://", "http://", "/w/w"))
    assert not set(link) & set(' \n\r\t"<>\\')
    assert web_address(url).startswith(("https://", "http://")) or web_address(url) == ""


@given(url=TEXT_PAGES, quote=SENTENCES)
def test_it_names_the_first_and_last_words_and_leaves_the_page_as_it_is(url: str, quote: str) -> None:
    link = urlsplit(link_to(url=url, work="w", seconds=None, quote=quote))
    before, _, directive = link.fragment.partition(":~:text=")
    assert link._replace(fragment=before).geturl() == url
    assert not set(directive) & set("-& \n")
    edges, plain = [unquote(edge) for edge in directive.split(",")], " ".join(quote.split())
    assert plain.startswith(edges[0])
    assert plain.endswith(edges[-1])


@given(
    url=st.sampled_from(["https://youtu.be/abc", "https://vimeo.com/1", "https://a.example/b.mp4"]),
    first=st.floats(0, 1e6),
)
def test_it_gives_the_same_link_for_a_link(url: str, first: float) -> None:
    link = link_to(url=url, work="w", seconds=first)
    assert link_to(url=link, work="w", seconds=first) == link
