"""The OpenAPI document, as far as generated clients depend on it."""

from chrysopedia.api import api

OPERATIONS = {
    "chat",
    "events",
    "list_conversations",
    "list_creators",
    "rate_answer",
    "read_conversation",
    "read_creator",
    "read_share",
    "receipts",
    "remove_conversation",
    "remove_conversations",
    "rename_conversation",
    "search",
    "share_conversation",
    "stop",
    "unshare_conversation",
}


def test_it_calls_each_operation_by_a_name_that_does_not_tell_where_its_code_lives() -> None:
    paths = api.get_openapi_schema()["paths"].values()
    named = [operation["operationId"] for path in paths for operation in path.values()]
    assert sorted(named) == sorted(OPERATIONS)
