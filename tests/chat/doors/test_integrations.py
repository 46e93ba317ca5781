"""What people have made of OpenAI's protocol in Python, unchanged: LangChain, LlamaIndex, LiteLLM and ``llm``."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.program import CHECKOUT
from tests.seed import copied_files
from tests.site import Site, running_site

pytestmark = pytest.mark.soak
UV = Path(sys.executable).with_name("uv")
LOCK = str(CHECKOUT / "requirements-integrations.txt")
ISOLATED = [str(UV), "run", "--quiet", "--no-project", "--isolated", "--with-requirements", LOCK]
FENCED = re.compile(r"```(?:python|yaml|sh)\n(.*?)```", re.DOTALL)
QUIET = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "CRITICAL"}
"""LiteLLM fetches prices at its start otherwise."""
Run = Callable[..., str]

VOCABULARY = """
from importlib.resources import files
from sys import argv
bundled = files("litellm.litellm_core_utils.tokenizers") / "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"
open(argv[1], "wb").write(bundled.read_bytes())
"""
"""Copies the vocabulary of OpenAI's tokenizer, by the name under which tiktoken finds it, out of a package."""

LANGCHAIN = """
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
here = {"base_url": "SITE/v1", "api_key": "anonymous"}
creator, asked = ChatOpenAI(model="mara-lindqvist", **here), "Where does the de-esser go?"
whole = creator.invoke(asked).content
assert "".join(chunk.content for chunk in creator.stream(asked, stream_usage=True)) == whole
said = [SystemMessage("Be brief."), HumanMessage(asked), AIMessage(whole), HumanMessage("And how wide is its band?")]
assert creator.invoke(said).content
assert creator.batch([asked, asked])[1].content == whole
(block,) = ChatOpenAI(model="mara-lindqvist", use_responses_api=True, **here).invoke(asked).content_blocks
assert block["annotations"][0]["url"].startswith("http")
"""

TOKENS = """
from langchain_openai import OpenAIEmbeddings
here = {"base_url": "SITE/v1", "api_key": "anonymous", "model": "chrysopedia"}
texts = ["Where does the de-esser go?", "Compress the vocal."] * 200
tokens = OpenAIEmbeddings(**here).embed_documents(texts)
plain = OpenAIEmbeddings(check_embedding_ctx_length=False, **here).embed_documents(texts)
assert len(tokens) == 400
assert max(abs(a - b) for one, other in zip(tokens, plain) for a, b in zip(one, other)) < 1e-4
"""

LITELLM = """
import litellm
here = {"api_base": "SITE/v1", "messages": [{"role": "user", "content": "Where does the de-esser go?"}]}
for model, key, error in [("nobody", "anonymous", "NotFoundError"), ("mara", "sk-wrong", "AuthenticationError")]:
    try:
        litellm.completion(model=f"openai/{model}", api_key=key, **here)
    except Exception as refused:
        assert type(refused).__name__ == error, repr(refused)
    else:
        raise AssertionError(error)
here = {"api_base": "SITE/v1", "api_key": "anonymous"}
answer = litellm.responses(model="openai/mara", input="Where does the de-esser go?", **here)
assert answer.output[0].content[0].annotations
"""


@pytest.fixture(scope="module")
def run() -> Run:
    """Runs something where the libraries are; passes over where they can't be installed."""
    if not UV.exists() or subprocess.run([*ISOLATED, "python", "-V"], capture_output=True, check=False).returncode:
        pytest.skip("LangChain, LlamaIndex, LiteLLM and llm could not be installed")

    def run(*command: str, **environment: str) -> str:
        named = {**os.environ, **QUIET, **environment}
        done = subprocess.run(
            [*ISOLATED, *command], env=named, capture_output=True, text=True, check=False, timeout=240
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def tokens(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file with OpenAI's vocabulary."""
    path = tmp_path_factory.mktemp("tokens") / "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"
    run("python", "-c", VOCABULARY, str(path))
    return path


@pytest.fixture(scope="module")
def reading_site(site: Site, tokens: Path) -> Iterator[Site]:
    """The program with that vocabulary, on the database of the first."""
    with (
        copied_files(site.data_dir) as folder,
        running_site(folder, site.database_url, EMBEDDINGS_VOCABULARY=str(tokens)) as found,
    ):
        yield found


def examples(site: Site) -> list[str]:
    page = (CHECKOUT / "docs/how-to/python-clients.md").read_text()
    return [example.replace("http://127.0.0.1:8000", site.url) for example in FENCED.findall(page)]


@pytest.mark.parametrize("number", range(3), ids=["langchain", "llamaindex", "litellm"])
def test_its_example_prints_the_answer_twice(run: Run, site: Site, number: int) -> None:
    assert run("python", "-c", examples(site)[number]).count("de-esser") >= 2


@pytest.mark.parametrize("program", [LANGCHAIN, LITELLM], ids=["langchain", "litellm"])
def test_it_does_what_else_one_does_with_it(run: Run, site: Site, program: str) -> None:
    run("python", "-c", program.replace("SITE", site.url))


def test_langchain_embeds_as_it_comes(run: Run, reading_site: Site, tokens: Path) -> None:
    run("python", "-c", TOKENS.replace("SITE", reading_site.url), TIKTOKEN_CACHE_DIR=str(tokens.parent))


def test_the_command_asks_and_goes_on(run: Run, site: Site, tmp_path: Path) -> None:
    models, commands = examples(site)[3:]
    (tmp_path / "extra-openai-models.yaml").write_text(models)
    assert "de-esser" in run("sh", "-ec", commands, LLM_USER_PATH=str(tmp_path))
