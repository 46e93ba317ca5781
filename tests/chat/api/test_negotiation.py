import pytest

from chat.api.schemas import wants_json


@pytest.mark.parametrize(
    "accept", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON, text/html"]
)
def test_it_answers_json_where_only_json_is_taken(accept: str) -> None:
    assert wants_json(accept=accept, stream=None)


@pytest.mark.parametrize(
    "accept", ["*/*", "", "text/event-stream", "application/json, */*", "text/event-stream, application/json"]
)
def test_it_streams_otherwise(accept: str) -> None:
    assert not wants_json(accept=accept, stream=None)


def test_it_obeys_stream_before_accept() -> None:
    assert wants_json(accept="text/event-stream", stream=False)
    assert not wants_json(accept="application/json", stream=True)


def test_it_reads_a_quality_of_zero_as_not_taken() -> None:
    assert wants_json(accept="application/json, */*;q=0", stream=None)
