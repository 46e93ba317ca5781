"""The figures of how finely the program is cut."""

from pathlib import Path

from bench.house import importers_of, median_file_of_a_line, modules_in, read_module, report

SOURCE = '''"""A module."""

import os
from chat.turns import (
    answer,
    run,
)


def short() -> None:
    pass


@decorated
def longer() -> str:
    """Say it."""
    word = "it"
    return word
'''


def test_it_counts_lines_imports_and_functions() -> None:
    module = read_module(SOURCE, name="chat.doors")
    assert (module.lines, module.import_lines) == (18, 5)
    assert module.functions == (("chat.doors.short", 2), ("chat.doors.longer", 4))


def test_it_tells_a_module_from_a_name_in_one() -> None:
    imports = "from chat.turns import run\nfrom chat.events import Event\n"
    modules = [
        read_module(text, name=name)
        for name, text in (("chat.a", imports), ("chat.turns.run", ""), ("chat.events", ""))
    ]
    assert importers_of(modules) == {"chat.turns.run": {"chat.a"}, "chat.events": {"chat.a"}}


def test_it_finds_the_file_of_the_median_line() -> None:
    assert median_file_of_a_line([10, 10, 100]) == 100
    assert median_file_of_a_line([]) == 0


def test_it_leaves_migrations_out(tmp_path: Path) -> None:
    for name in ("chat/a.py", "chat/migrations/0001_first.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOURCE)
    assert [module.name for module in modules_in(tmp_path)] == ["chat.a"]


def test_it_reports_this_program() -> None:
    figures = dict(report(modules_in(Path(__file__).parents[2])))
    assert int(figures["files"]) > 50
    assert float(figures["files for 1,000 lines"]) < 20
