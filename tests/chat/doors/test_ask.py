"""Asking from a terminal and in a pipe."""

import json
import logging
import os
import pty
import re
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.chat.asking import VOCAL
from tests.model_server.server import ModelServer
from tests.program import CHECKOUT, inherited
from tests.site import Site

ASKED = [sys.executable, "manage.py", "ask"]
MARA = ["--creator", "mara-lindqvist"]


def ask(site: Site, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    environ = {**inherited(), **site.environ}
    return subprocess.run(
        [*ASKED, *arguments],
        cwd=CHECKOUT,
        env=environ,
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_writes_the_answer_and_its_sources_into_a_pipe(site: Site) -> None:
    same = site.ask(VOCAL, creator="mara-lindqvist", stream=False).json()
    done = ask(site, "-", *MARA, said=VOCAL)
    assert done.stdout.startswith(f"{same['answer']}\n\n[{same['cited'][0]}] Mara Lindqvist, “")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\033" not in done.stdout


def test_it_writes_one_object(site: Site) -> None:
    same = site.ask(VOCAL, creator="mara-lindqvist", stream=False).json()
    told = json.loads(ask(site, VOCAL, *MARA, "--json").stdout)
    assert (told["answer"], told["sources"]) == (same["answer"], same["sources"])


def test_it_links_the_markers_on_a_terminal(site: Site) -> None:
    ours, theirs = pty.openpty()
    environ = {**inherited(), **site.environ}
    subprocess.run([*ASKED, VOCAL, *MARA], cwd=CHECKOUT, env=environ, stdout=theirs, timeout=60, check=True)
    os.close(theirs)
    written = os.read(ours, 100_000).decode()
    assert "\033]8;;http" in written and re.search(r"\x1b\[33m\[\d\]\x1b\[0m", written)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((" ",), "no question"), ((VOCAL, "--creator", "nobody"), "no such creator"), ((VOCAL, "--voice", "2"), "0 to 1")],
)
def test_it_says_what_is_wrong(corpus: None, arguments: tuple[str, ...], said: str) -> None:
    try:
        with pytest.raises(CommandError, match=said):
            call_command("ask", *arguments)
    finally:
        logging.disable(logging.NOTSET)


def hear_interrupts() -> None:
    """Have a program hear Ctrl-C even where the tests run in the background of a shell, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_it_stops_the_model_when_it_is_interrupted(site: Site) -> None:
    with ModelServer() as model:
        model.hang_after("Four to one, then ")
        environ = {**inherited(), **site.environ, "LLM_BASE_URL": model.base_url, "LLM_MODEL": "m"}
        command = subprocess.Popen(
            [*ASKED, VOCAL, *MARA],
            cwd=CHECKOUT,
            env=environ,
            stdout=-1,
            stderr=-1,
            preexec_fn=hear_interrupts,  # noqa: PLW1509 -- it sets what a signal does, and nothing else
        )
        with command as asking:
            assert asking.stdout and asking.stdout.read(4) == b"Four"
            asking.send_signal(signal.SIGINT)
            assert model.closed_early.wait(10.0)
