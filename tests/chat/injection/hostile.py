"""A site whose corpus is planted with attacks, and a model that obeys; each attack is asked about once."""

import os
import pickle
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import httpx2
import pytest
from django.utils.text import slugify

from chrysopedia.embedded.cluster import PostgresConfig
from chrysopedia.embedded.folders import exclusive
from tests.chat.injection.attacks import Attack
from tests.chat.sse import events_in
from tests.model_server.obedience import Order
from tests.model_server.server import ModelServer
from tests.program import python
from tests.seed import DEMO, PROGRAM, QUICK, Seed, copied_database, copied_files, ensure
from tests.site import Site, running_site

QUESTION = "What ratio on a lead vocal?"


@dataclass(frozen=True)
class Outcome:
    """What became of an attack: the stream, the prompt, and the page for a browser that runs no script."""

    attack: Attack
    stream: bytes
    prompt: dict[str, Any]
    page: str

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The sources that were consulted."""
        return list(self._data("sources")[0])

    @property
    def answer(self) -> str:
        """The whole answer."""
        return "".join(self._data("token"))

    @property
    def done(self) -> dict[str, Any]:
        """The terminal event."""
        return dict(self._data("done")[0])

    @property
    def rules(self) -> str:
        """The prompt before the passages."""
        return self._system.split("\nPassages:\n")[0]

    @property
    def quoted(self) -> str:
        """The passages of the prompt."""
        return self._system.split("\nPassages:\n", 1)[1]

    @property
    def _system(self) -> str:
        return str(self.prompt["messages"][0]["content"])

    @cached_property
    def events(self) -> list[tuple[int, str, Any]]:
        """The events of the stream: id, type and data of each."""
        return events_in(self.stream.decode())

    def _data(self, kind: str) -> list[Any]:
        return [data for _, event, data in self.events if event == kind]


@pytest.fixture(scope="session")
def obedient() -> Iterator[ModelServer]:
    """The model server behind the hostile site."""
    with ModelServer() as server:
        yield server


def plant(environ: Mapping[str, str], *which: str) -> None:
    """Fill a new database with the attacks."""
    python("manage.py", "migrate", "--verbosity", "0", environ=environ)
    python("-m", "tests.chat.injection.plant", *which, environ={**environ, **QUICK})


SOURCES = (*PROGRAM, "tests/chat/injection")
ALL, SAMPLED = Seed("attacked", SOURCES, plant), Seed("sampled", SOURCES, lambda environ: plant(environ, "sample"))


@pytest.fixture(scope="session")
def hostile(request: pytest.FixtureRequest, obedient: ModelServer, postgres_server: PostgresConfig) -> Iterator[Site]:
    """The program on a corpus of attacks, with a language model that obeys them."""
    seed = ALL if any(one.get_closest_marker("soak") for one in request.session.items) else SAMPLED
    model = {**QUICK, "LLM_BASE_URL": obedient.base_url, "LLM_MODEL": "test-model"}
    with (
        copied_database(seed, postgres_server) as url,
        copied_files(ensure(DEMO, postgres_server)) as folder,
        running_site(folder, url, arguments=["--no-demo"], **model) as site,
    ):
        yield site


@pytest.fixture(scope="session")
def visitor(hostile: Site) -> Iterator[httpx2.Client]:
    """A browser's cookies on the hostile site."""
    with hostile.client(follow_redirects=True) as client:
        client.get("/")
        yield client


@pytest.fixture(scope="session")
def ask_about(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Attack], Outcome]:
    """Ask about what an attack is planted in, once for all processes that test together."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "attacks"
    folder.mkdir(exist_ok=True)
    known: dict[str, Outcome] = {}

    def ask(attack: Attack) -> Outcome:
        kept = folder / slugify(attack.name)
        with exclusive(kept.with_suffix(".lock")):
            if not kept.exists():
                visitor, model = request.getfixturevalue("visitor"), request.getfixturevalue("obedient")
                kept.write_bytes(pickle.dumps(_outcome(attack, visitor=visitor, model=model)))
            return cast(Outcome, pickle.loads(kept.read_bytes()))

    return lambda attack: known.get(attack.name) or known.setdefault(attack.name, ask(attack))


def prepare(attack: Attack, *, visitor: httpx2.Client, model: ModelServer) -> str:
    """Have the model obey the attack and lead a conversation to where it strikes; return its id."""
    conversation = str(uuid.uuid4())
    model.obey(Order(attack.planted, attack.says))
    if attack.place == "answer":
        model.say(attack.planted)
    if attack.place in {"question", "answer"}:
        first = attack.planted if attack.place == "question" else QUESTION
        _post(visitor, attack, query=first, conversation_id=conversation)
    return conversation


def _outcome(attack: Attack, *, visitor: httpx2.Client, model: ModelServer) -> Outcome:
    conversation = prepare(attack, visitor=visitor, model=model)
    stream = _post(visitor, attack, query=QUESTION, conversation_id=conversation).content
    prompt = model.bodies[-1]
    fields = {"creator": slugify(attack.name), "query": QUESTION, "personality_weight": str(_weight(attack))}
    form = {**fields, "conversation_id": prepare(attack, visitor=visitor, model=model)}
    token = {"csrfmiddlewaretoken": visitor.cookies["csrftoken"]}
    page = visitor.post("/", data={**form, **token})
    return Outcome(attack, stream, prompt, page.text)


def _post(visitor: httpx2.Client, attack: Attack, **fields: str) -> httpx2.Response:
    body = {"creator": slugify(attack.name), "personality_weight": _weight(attack), "stream": True, **fields}
    response = visitor.post("/api/v1/chat", json=body, headers={"X-CSRFToken": visitor.cookies["csrftoken"]})
    assert response.status_code == 200, response.text
    return response


def _weight(attack: Attack) -> float:
    return 1.0 if attack.place == "voice" else 0.0
