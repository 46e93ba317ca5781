"""The modules of a page: all of them are found, so that a browser can load them at once."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from pytest_django import Settings

from chrysopedia.static_files import modules_of

FILES = {
    "a.js": 'import { b } from "./b.js";\nimport "./deep/c.js";\nconst later = () => import("./later.js");\n',
    "b.js": '/** As in:\nimport x from "./nowhere.js";\n */\nexport { c } from "./deep/c.js";\n',
    "deep/c.js": 'import {\n  a,\n  b as other,\n} from "../a.js";\nexport const from = "./nowhere.js";\n',
}


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    settings.STATICFILES_DIRS = [tmp_path]
    settings.DEBUG = True
    return tmp_path


def test_it_follows_imports_to_the_end_and_names_each_once() -> None:
    assert modules_of("a.js") == ("a.js", "b.js", "deep/c.js")


def test_it_begins_with_the_module_itself() -> None:
    assert modules_of("deep/c.js") == ("deep/c.js", "a.js", "b.js")


def test_it_names_the_file_that_is_missing(files: Path) -> None:
    (files / "b.js").write_text('import "./gone.js";')
    with pytest.raises(FileNotFoundError, match="gone"):
        modules_of("a.js")


def test_the_tag_loads_all_of_them_and_runs_the_first() -> None:
    html = Template("{% load modules %}{% module 'a.js' 'b.js' %}").render(Context())
    assert re.findall(r'modulepreload" href="/static/([^"]+)"', html) == ["a.js", "b.js", "deep/c.js"]
    assert re.findall(r'type="module" src="/static/([^"]+)"', html) == ["a.js", "b.js"]
