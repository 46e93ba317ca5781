"""The OpenAPI document, as far as generated clients depend on it."""

import json
import re
from uuid import UUID

import pytest
from django.test import AsyncClient

from chat.events.events import Failed
from chat.events.serialize import payload
from chrysopedia.api import api

OPERATIONS = {
    "agui",
    "chat",
    "events",
    "list_conversations",
    "list_creators",
    "list_works",
    "opened_source",
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
    "ui_chat",
    "ui_resume",
    "ui_stop",
    "unshare_conversation",
}


def test_it_calls_each_operation_by_a_name_that_does_not_tell_where_its_code_lives() -> None:
    paths = api.get_openapi_schema()["paths"].values()
    named = [operation["operationId"] for path in paths for operation in path.values()]
    assert sorted(named) == sorted(OPERATIONS)


def test_it_describes_whatever_it_refers_to() -> None:
    document = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named - document["components"]["schemas"].keys() == set()
    assert "$defs" not in json.dumps(document)


def test_it_describes_the_events_the_problems_and_the_keys() -> None:
    document = api.get_openapi_schema()
    schemas = document["components"]["schemas"]
    assert {"SourcesEvent", "TokenEvent", "DoneEvent", "ErrorEvent", "Citation", "Problem"} <= schemas.keys()
    assert {"citations", "cascade_tier", "coverage"} <= schemas["Done"]["properties"].keys()
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert all("default" in one["responses"] for path in document["paths"].values() for one in path.values())


def test_it_describes_an_end_by_the_members_that_it_has() -> None:
    schemas = api.get_openapi_schema()["components"]["schemas"]
    failed = Failed("internal", "It failed.", retryable=True, conversation_id=UUID(int=1), turn_id=UUID(int=2))
    assert schemas["Failed"]["properties"].keys() == payload(failed).keys()
    assert "type" not in schemas["Done"]["properties"]


def test_it_says_no_default_of_what_a_body_may_lack() -> None:
    # openapi-typescript takes a member with a default for one that is always there, and so for required.
    schemas = api.get_openapi_schema()["components"]["schemas"]
    for name in ("ChatBody", "UIChat", "UIMessage", "AGUIRun", "ForwardedProps", "FeedbackBody"):
        assert [member for member in schemas[name]["properties"].values() if "default" in member] == []
    assert "default" in schemas["Citation"]["properties"]["verdict"]


BODIES = [
    (method, path)
    for path, operations in api.get_openapi_schema()["paths"].items()
    for method, operation in operations.items()
    if "requestBody" in operation
]


@pytest.mark.django_db
@pytest.mark.parametrize("body", ['"aaa"', "[]", "1", "null"])
@pytest.mark.parametrize(("method", "path"), BODIES)
async def test_it_takes_objects_alone(method: str, path: str, body: str) -> None:
    address = re.sub(r"{\w+}", "5b0f6c1e-0d1f-4b52-9a53-3f6c2d8e7a10", path)
    response = await AsyncClient().generic(method.upper(), address, body, content_type="application/json")
    assert response.status_code == 422
