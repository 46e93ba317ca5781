"""A short walk through the OpenAPI document: no 5xx, nothing undocumented, no answer against its schema.

The ten thousand requests of schemathesis are in ``make soak``; these few are made by hypothesis, in seconds.
"""

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from chrysopedia.api import api
from tests.chat.sse import events_in
from tests.site import Site
from tests.strength import examples

DOCUMENT: Any = json.loads(json.dumps(api.get_openapi_schema(), default=str))
PROBLEM = {"$ref": "#/components/schemas/Problem"}
EVENTS = {"sources": "SourcesEvent", "token": "TokenEvent", "done": "DoneEvent", "error": "ErrorEvent"}
JUNK = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
WORDS = st.sampled_from(["How much reverb?", "compressor", "mara-lindqvist", "é\u202e", " ", "sound " * 9, "'; --"])
TELLING = {"role": st.sampled_from(["user", "user", "user", "assistant"]), "type": st.sampled_from(["text", "image"])}
"""Texts of which a schema can't say what they mean."""
SEGMENT = st.text(string.ascii_letters + string.digits + "-_é%", min_size=1, max_size=12)
OPERATIONS = [
    (method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if operation["operationId"] != "remove_conversations"
]


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema with its reference followed."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["schemas"][name] if name else schema


def values(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Return what makes values that a schema allows, about; what is of no kind that is known here is junk."""
    schema = resolved(schema)
    kind = schema.get("type")
    low, high = schema.get("minimum", -1), schema.get("maximum", 2**40)
    if "enum" in schema or "const" in schema:
        made: st.SearchStrategy[Any] = st.sampled_from(schema.get("enum") or [schema["const"]])
    elif "anyOf" in schema:
        made = st.one_of(*map(values, schema["anyOf"]))
    elif kind == "string":
        made = st.uuids(version=4).map(str) if schema.get("format") == "uuid" else WORDS | st.text(max_size=30)
    elif kind == "array":
        made = st.lists(values(schema.get("items", {})), min_size=schema.get("minItems", 0), max_size=3)
    elif kind == "object" and "properties" in schema:
        made = objects(schema)
    else:
        plain = {"integer": st.integers(low, high), "number": st.floats(low, high), "boolean": st.booleans()}
        made = plain.get(str(kind), JUNK)
    return made


def objects(schema: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return what makes objects; a member in twenty or so is junk."""
    made = {
        name: mostly(TELLING[name] if name in TELLING else values(one)) for name, one in schema["properties"].items()
    }
    required = {name: made.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(required, optional=made)


def mostly(made: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return what makes the same, and junk now and then."""
    return st.integers(0, 19).flatmap(lambda number: made if number < 19 else JUNK)


@dataclass(frozen=True, slots=True)
class Known:
    """What there is, which a path may name."""

    named: Mapping[str, str]

    def path(self, path: str, data: st.DataObject) -> str:
        """Return a path with something drawn for each of its parameters, mostly what is there."""
        for part in [one[1:-1] for one in path.split("/") if one.startswith("{")]:
            other = st.uuids(version=4).map(str) if part.endswith("_id") else SEGMENT
            known = self.named.get(part)
            is_known = known is not None and data.draw(st.integers(0, 2)) < 2
            drawn = known if is_known else data.draw(other)
            path = path.replace(f"{{{part}}}", quote(str(drawn), safe=""))
        return path


@pytest.fixture(scope="module")
def known(site: Site) -> Known:
    asked = site.ask(stream=False).json()
    with site.client() as client:
        share = client.post(f"/api/v1/conversations/{asked['conversation_id']}/share").json()
    names = {name: asked[name] for name in ("turn_id", "conversation_id")}
    return Known({**names, "token": share["token"], "slug": "mara-lindqvist"})


def sent(client: httpx2.Client, method: str, path: str, operation: Any, data: st.DataObject) -> httpx2.Response:
    """Send a request that is drawn for an operation."""
    query = {one["name"]: values(one["schema"]) for one in operation.get("parameters", ()) if one["in"] == "query"}
    drawn = data.draw(st.fixed_dictionaries({}, optional=query))
    params = {name: str(value) for name, value in drawn.items() if value is not None}
    if "requestBody" not in operation:
        return client.request(method, path, params=params)
    (content,) = operation["requestBody"]["content"].values()
    body = json.dumps(data.draw(values(content["schema"])))
    return client.request(method, path, params=params, content=body, headers={"Content-Type": "application/json"})


def check(answer: httpx2.Response, operation: Any) -> None:
    """Hold an answer to the document."""
    asked = answer.request
    told = f"{asked.method} {asked.url} {asked.content!r}: {answer.status_code} {answer.text[:300]}"
    assert answer.status_code < 500, told
    documented = operation["responses"].get(str(answer.status_code))
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if answer.status_code >= 400:
        assert kind == "application/problem+json", told
        conforms(answer.json(), PROBLEM, told)
        return
    assert documented is not None, told
    content = documented.get("content", {})
    assert kind in content if content else not answer.content, told
    if kind == "application/json":
        conforms(answer.json(), content[kind]["schema"], told)
    elif operation["operationId"] in ("chat", "events"):
        for _, event, data in events_in(answer.text):
            conforms(data, {"$ref": f"#/components/schemas/{EVENTS[event]}"}, told)


def conforms(value: Any, schema: Mapping[str, Any], told: str) -> None:
    """Hold a value to a schema of the document."""
    validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    assert [error.message for error in validator.iter_errors(value)] == [], told


@pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[operation["operationId"] for *_, operation in OPERATIONS]
)
@settings(max_examples=examples(0.8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_answers_as_it_says(
    site: Site, known: Known, data: st.DataObject, method: str, path: str, operation: Any
) -> None:
    with site.client() as client:
        check(sent(client, method, known.path(path, data), operation, data), operation)
