import pytest

from creators.links import link_to


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc&t=73s"),
        ("https://www.youtube.com/watch?v=abc&t=5", "https://www.youtube.com/watch?v=abc&t=73s"),
        ("https://youtu.be/abc", "https://youtu.be/abc?t=73s"),
        ("https://vimeo.com/123", "https://vimeo.com/123#t=73s"),
        ("https://cdn.example/talk.mp3", "https://cdn.example/talk.mp3#t=73"),
        ("https://blog.example/post#part", "https://blog.example/post#part"),
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
