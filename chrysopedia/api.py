"""The API as a whole: its routers, its documentation, and problem documents (RFC 9457) for all that fails."""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from copy import deepcopy
from http import HTTPStatus
from typing import Any

from asgiref.sync import markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from ninja import NinjaAPI, Swagger
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from chat.api import chat_router, conversations_router, feedback_router
from chat.doors.agui import router as agui_router
from chat.doors.ui_stream import router as ui_router
from chat.events.serialize import event_schemas
from chat.rendering.json import answer_schema
from chrysopedia import __version__
from chrysopedia.core.database import STORAGE_ERRORS
from chrysopedia.core.errors import OPENAI, FieldError, Problem, invalid, unavailable, written
from chrysopedia.core.output import JSONEncoder
from chrysopedia.middleware import CSP_HEADER, csp_header
from creators.api import router as creators_router

POLICY = csp_header(img_src="'self' data:")
"""The signs of Swagger UI are pictures within its style sheet; in all else it gets by with the strict policy."""


class Docs(Swagger):
    """Swagger UI, whose page carries the policy that it needs."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Return the page with its own Content-Security-Policy."""
        response = super().render_page(request, api, **kwargs)
        response.headers[CSP_HEADER] = POLICY
        return response


logger = logging.getLogger(__name__)

PROTOCOLS = ("/api/", OPENAI, "/mcp")
"""Where programs call, which are answered in their protocol whatever they say they accept."""
DETAILS = {
    404: "There is nothing at this address; /api/v1/docs lists what there is.",
    405: "This address does not take that method; see Allow.",
    400: "The request could not be understood.",
    403: "The request was refused.",
    500: "Something went wrong here. It has been noted; try again.",
}


def response_for(problem: Problem, *, path: str = "") -> HttpResponse:
    """Return the response that carries a problem, in the protocol that is spoken at a path."""
    status, content_type, document = written(problem, path=path)
    body = json.dumps(document, ensure_ascii=False, cls=JSONEncoder)
    return HttpResponse(body, status=status, content_type=content_type, headers=problem.headers)


def add_error_handlers(api: NinjaAPI) -> None:
    """Answer every exception of the API with a problem document."""
    api.exception_handler(Problem)(lambda request, error: response_for(error))
    api.exception_handler(ValidationError)(lambda request, error: response_for(_validation_problem(error)))
    for kind in STORAGE_ERRORS:
        api.exception_handler(kind)(lambda request, error: response_for(_storage_problem(error)))
    api.exception_handler(Exception)(lambda request, error: response_for(_internal_problem(error)))


class ProblemsMiddleware:
    """Makes problem documents of errors that Django answers itself where programs call, such as a wrong method."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> None:
        self._get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Replace the body of an error that is not in the protocol of its path yet."""
        response = await self._get_response(request)
        kind = "application/problem+json" if request.path.startswith("/api/") else "application/json"
        is_problem = response.get("Content-Type", "").startswith(kind)
        if response.status_code < 400 or is_problem or not request.path.startswith(PROTOCOLS):
            return response
        status = HTTPStatus(response.status_code)
        detail = DETAILS.get(status.value, status.description or status.phrase)
        # All but what described the body: Allow, and what lets another site's page read the problem.
        kept = {name: value for name, value in response.headers.items() if not name.startswith("Content-")}
        problem = Problem(status=status.value, title=status.phrase, detail=detail, headers=kept)
        return response_for(problem, path=request.path)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a page's own ``Problem`` as the API would, and storage that is down with a page that says so."""
        if isinstance(exception, Problem):
            if request.path.startswith(PROTOCOLS) or "text/html" not in request.headers.get("Accept", ""):
                return response_for(exception, path=request.path)
            page = render_to_string("refused.html", {"problem": exception})
            return HttpResponse(page, status=exception.status, headers=exception.headers)
        if request.path.startswith(PROTOCOLS[1:]):
            of_storage = isinstance(exception, STORAGE_ERRORS)
            problem = _storage_problem(exception) if of_storage else _internal_problem(exception)
            return response_for(problem, path=request.path)
        if not isinstance(exception, STORAGE_ERRORS) or request.path.startswith("/api/"):
            return None
        if "text/html" not in request.headers.get("Accept", "text/html"):
            return response_for(_storage_problem(exception))
        logger.error("the database or the cache does not answer: %s", type(exception).__name__)
        # Rendered without the request: what the templates know of it may come from the database.
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})


def _validation_problem(error: ValidationError) -> Problem:
    return invalid(
        *(
            FieldError(field=str(one["loc"][-1]), reason=str(one["msg"]).removeprefix("Value error, "))
            for one in error.errors
        )
    )


def _storage_problem(error: Exception) -> Problem:
    logger.error("the database or the cache does not answer: %s", type(error).__name__)
    return unavailable("The corpus can't be reached at the moment. Try again in a few seconds.")


def _internal_problem(error: Exception) -> Problem:
    logger.error("a request failed", exc_info=error)
    return Problem(status=500, title="Internal error", detail=DETAILS[500])


class Encoder(JSONEncoder, NinjaJSONEncoder):
    """Ninja's encoder, through which what nobody sees does not pass."""


class Renderer(JSONRenderer):
    """Writes the documents of the API."""

    encoder_class = Encoder


REFERENCE = "#/components/schemas/{model}"
NAMED = re.compile(r'"#/components/schemas/([^"]+)"')
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "A problem document (RFC 9457); some have more members.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do, for people."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
PROBLEM_RESPONSE = {
    "description": "What could not be done, and why.",
    "content": {"application/problem+json": {"schema": {"$ref": REFERENCE.format(model="Problem")}}},
}
KEY = {"type": "http", "scheme": "bearer", "description": "A key, cp_…, of manage.py key add. Mostly none is needed."}


class API(NinjaAPI):
    """The API, whose operations have names of their own."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Return the description, with the events, the problems and the keys that ninja knows nothing of."""
        schema = super().get_openapi_schema(**kwargs)
        components = schema["components"]
        answers = {**event_schemas(ref_template=REFERENCE), "Answer": answer_schema(ref_template=REFERENCE)}
        components["schemas"] |= {**answers, "Problem": PROBLEM}
        components["securitySchemes"] = {"key": KEY}
        schema["security"] = [{}, {"key": []}]
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"].setdefault("default", PROBLEM_RESPONSE)
                if "requestBody" in operation:
                    operation["requestBody"] = body = deepcopy(operation["requestBody"])
                    for content in body["content"].values():
                        # What a body refers to is looked for in the document, not in the body, and is named by it.
                        components["schemas"] |= content["schema"].pop("$defs", {})
                        if name := content["schema"].get("title"):
                            components["schemas"][name] = content["schema"]
                            content["schema"] = {"$ref": REFERENCE.format(model=name)}
                        _say_no_defaults(content["schema"], components["schemas"])
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of the view: generated clients call by it, so it must not tell where the view lives."""
        return operation.view_func.__name__


def _say_no_defaults(body: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Leave out the defaults of what a body may lack: generators of types take a member with one for required."""
    for name in NAMED.findall(json.dumps(body)):
        schemas[name] = schema = deepcopy(schemas[name])
        for member in schema.get("properties", {}).values():
            member.pop("default", None)
        _say_no_defaults(schema, schemas)


api = API(
    title="Chrysopedia",
    version=__version__,
    description="Talk with what creators have said, with a receipt for every claim.",
    docs_url="/docs",
    docs=Docs(),
    urls_namespace="api",
    renderer=Renderer(),
)
api.add_router("", chat_router)
api.add_router("", ui_router)
api.add_router("", agui_router)
api.add_router("", feedback_router)
api.add_router("", conversations_router)
api.add_router("", creators_router)
add_error_handlers(api)
