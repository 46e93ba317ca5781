"""How finely the program is cut: ``python -m bench.house [folder of a checkout]`` prints the figures.

Counted are the Python files of ``chat``, ``creators`` and ``chrysopedia`` without migrations; every line counts, blank
ones too. Nothing of the checkout is imported, so that any commit can be measured by today's command.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PACKAGES = ("chat", "creators", "chrysopedia")
SHORT = 3
"""Lines up to which a function counts as short, from ``def`` on."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the program; ``functions`` are name and lines of each, decorators left out."""

    name: str
    lines: int
    import_lines: int
    imported: frozenset[str]
    functions: tuple[tuple[str, int], ...]


def modules_in(checkout: Path) -> list[Module]:
    """Return the modules of the program below the folder of a checkout."""
    paths = [path for package in PACKAGES for path in sorted((checkout / package).rglob("*.py"))]
    return [
        read_module(path.read_text(encoding="utf-8"), name=_name(path.relative_to(checkout)))
        for path in paths
        if "migrations" not in path.parts
    ]


def read_module(source: str, *, name: str) -> Module:
    """Return what is counted of a module's source."""
    nodes = list(ast.walk(ast.parse(source)))
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    return Module(
        name=name,
        lines=len(source.splitlines()),
        import_lines=sum(_lines(node) for node in imports),
        imported=frozenset(_targets(imports)),
        functions=tuple((f"{name}.{node.name}", _lines(node)) for node in nodes if isinstance(node, Function)),
    )


def importers_of(modules: Sequence[Module]) -> dict[str, set[str]]:
    """Return the modules that import each module, those without any left out.

    ``from package import module`` counts for the module, anything else of a package for the package itself.
    """
    names = {module.name for module in modules}
    found: dict[str, set[str]] = defaultdict(set)
    for module in modules:
        for target in module.imported:
            known = target if target in names else target.rpartition(".")[0]
            if known in names and known != module.name:
                found[known].add(module.name)
    return found


def median_file_of_a_line(sizes: Iterable[int]) -> float:
    """Return the size of the file in which the median line stands: half of all lines are in smaller ones."""
    return median([size for size in sizes for _ in range(size)] or [0])


def report(modules: Sequence[Module]) -> Iterator[tuple[str, str]]:
    """Yield each figure's name and value."""
    lines = sum(module.lines for module in modules) or 1
    functions = [function for module in modules for function in module.functions]
    longest = max(modules, key=lambda module: module.lines)
    function, size = max(functions, key=lambda pair: pair[1], default=("none", 0))
    single = sum(len(importers) == 1 for importers in importers_of(modules).values())
    short = sum(size <= SHORT for _, size in functions)
    yield "files", str(len(modules))
    yield "lines", str(lines)
    yield "files for 1,000 lines", f"{1000 * len(modules) / lines:.1f}"
    yield "a line's median file, lines", f"{median_file_of_a_line(module.lines for module in modules):.0f}"
    yield "import lines", f"{sum(module.import_lines for module in modules) / lines:.1%}"
    yield "modules with one importer", f"{single} of {len(modules)}"
    yield "longest file, lines", f"{longest.lines} ({longest.name})"
    yield "longest function, lines", f"{size} ({function})"
    yield "functions", str(len(functions))
    yield f"functions of {SHORT} lines or less", str(short)


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _targets(imports: Iterable[ast.Import | ast.ImportFrom]) -> Iterator[str]:
    for node in imports:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def main() -> None:
    """Print the figures of the checkout that is named, else of this one."""
    checkout = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    modules = modules_in(checkout)
    if not modules:
        raise SystemExit(f"{checkout} holds no program: name the folder of a checkout.")
    for name, value in report(modules):
        print(f"{name:32} {value}")


if __name__ == "__main__":
    main()
