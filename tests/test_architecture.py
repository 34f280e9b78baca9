"""The rooms hold: imports run one way, each library stays in its room, docs/architecture.md agrees with the tree.

`uv run python tests/test_architecture.py` writes the page's list of files anew from the first line of each.
"""

from __future__ import annotations

import ast
import re
import sqlite3
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"

PROGRAM = ("bot.py", "cogs", "coach")
LISTED = (*PROGRAM, "training", "benchmarks")

BEGIN = "<!-- files: written by python tests/test_architecture.py -->\n"
END = "<!-- end of files -->\n"

ROOMS = ("shared", "labelling", "past", "balance", "nudging", "store", "members", "intake", "services")
"""The rooms of `coach/`: each imports from itself and from those before it."""

SHARED = set(
    "arguments database_url emoji env_file errors headings labels layout local_days logs metrics output pasted "  # noqa: SIM905
    "setting_values settings shards text turns wording_exports wording_refusals yaml_lines".split()
)
"""The files of `coach/` that all rooms share; its other files are services."""

MOST_LINES = 400

CLOCKS = re.compile(
    r"(datetime\.)?(datetime\.(now|utcnow|today)|date\.today)|time\.(time|time_ns|localtime|gmtime)"
)

SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|BEGIN|VACUUM|ATTACH)\s")

WIRES_THE_COACH = {"coach.opening"}
"""What makes the coach; everything else in `coach/` is given the services that it uses."""


@cache
def files(*names: str) -> dict[str, Path]:
    """Python files, and those of folders, by their path from the root."""
    found: list[Path] = []
    for name in names:
        found += sorted((ROOT / name).rglob("*.py")) if (ROOT / name).is_dir() else [ROOT / name]
    return {path.relative_to(ROOT).as_posix(): path for path in found}


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> Iterator[str]:
    """All that a file imports, wherever it does; `a.b.c` for the name `c` of `a.b`, be it a module or not."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def dotted(node: ast.AST) -> str:
    """A name with what it is an attribute of, such as `discord.utils.utcnow`; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@cache
def arrows() -> dict[str, set[str]]:
    """Which modules of the program each of them imports."""
    modules = {
        name[:-3].replace("/", ".").removesuffix(".__init__"): path for name, path in files(*PROGRAM).items()
    }
    found: dict[str, set[str]] = {}
    for module, path in modules.items():
        names = {name if name in modules else name.rpartition(".")[0] for name in imported(path)}
        found[module] = (names & modules.keys()) - {module}
    return found


def place(module: str) -> int:
    """How far right a module stands: it may import nothing from further right."""
    folder, _, rest = module.partition(".")
    if folder in ("bot", "cogs"):
        return len(ROOMS) + (folder == "bot")
    name = rest.partition(".")[0]
    if name in ROOMS:
        return ROOMS.index(name)
    return ROOMS.index("services" if name and name not in SHARED else "shared")


def test_imports_run_one_way() -> None:
    back = {
        (module, other) for module, there in arrows().items() for other in there if place(other) > place(module)
    }
    assert back == set()


def test_the_rooms_are_those_of_the_tree() -> None:
    assert {path.parent.name for path in (ROOT / "coach").glob("*/__init__.py")} == {*ROOMS} - {
        "shared",
        "services",
    }


def test_no_imports_run_in_a_circle() -> None:
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " → ".join((*way[way.index(module) :], module))
        if module not in done:
            for other in sorted(arrows()[module]):
                visit(other, (*way, module))
            done.add(module)

    for module in arrows():
        visit(module, ())


def test_nobody_is_handed_the_whole_coach() -> None:
    handed = {module for module, there in arrows().items() if "coach.coach" in there}
    assert {module for module in handed if module.startswith("coach.")} == WIRES_THE_COACH


def test_the_coach_knows_nothing_of_discord() -> None:
    knows = {
        name
        for name, path in files("coach").items()
        if any(found.partition(".")[0] in ("discord", "cogs", "simcord") for found in imported(path))
    }
    assert knows == set()


def test_sql_stays_in_the_store() -> None:
    for name, path in files(*PROGRAM).items():
        if name.startswith("coach/store/"):
            continue
        assert not any(found.partition(".")[0] == "aiosqlite" for found in imported(path)), name
        for node in ast.walk(tree(path)):
            # Elsewhere the library's errors are caught, and nothing else is done with it.
            if isinstance(node, ast.Attribute) and dotted(node.value) == "sqlite3":
                assert issubclass(getattr(sqlite3, node.attr), Exception), f"{name}:{node.lineno}"
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not SQL.match(node.value), f"{name}:{node.lineno}"


def test_no_cog_reaches_into_the_store() -> None:
    reaches = {
        name
        for name, path in files("cogs").items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr.lstrip("_") == "store"
    }
    assert reaches == set()


def test_time_is_given_from_outside() -> None:
    for name, path in files("coach", "cogs").items():
        for node in ast.walk(tree(path)):
            assert not CLOCKS.fullmatch(dotted(node)), f"{name}: {dotted(node)}"
            # Handing on Discord's clock is the caller's choice, asking it is not.
            if isinstance(node, ast.Call):
                assert not dotted(node.func).endswith("utcnow"), f"{name}:{node.lineno}"


def test_no_file_has_the_name_of_a_module_of_pythons_own() -> None:
    named = {
        path
        for path in files("bot.py", "coach", "cogs", "training", "benchmarks", "tests")
        if path[-11:] != "__init__.py"
    }
    assert [path for path in named if Path(path).stem in sys.stdlib_module_names - {"__main__"}] == []


def test_no_file_is_longer_than_can_be_read_in_one_go() -> None:
    long = {
        name
        for name, path in files(*PROGRAM).items()
        if len(path.read_text(encoding="utf-8").splitlines()) >= MOST_LINES
    }
    assert long == set()


def first_line(path: Path) -> str:
    """What a file says that it is for."""
    return (ast.get_docstring(tree(path)) or "").partition("\n")[0]


def file_list() -> str:
    """The page's list of files: a table for each folder, below what its package says of itself."""
    folders: dict[str, dict[str, Path]] = {}
    for name, path in files(*LISTED).items():
        folder, _, file = name.rpartition("/")
        folders.setdefault(folder, {})[file] = path
    parts: list[str] = []
    for folder, inside in folders.items():
        package = inside.pop("__init__.py", None)
        parts.append(f"### `{folder}/`\n" if folder else "### At the top\n")
        if package is not None:
            parts.append(first_line(package) + "\n")
        if inside:
            parts.append("| file | what it is for |\n|---|---|")
            parts += [f"| `{file}` | {first_line(path)} |" for file, path in inside.items()]
            parts[-1] += "\n"
    return "\n" + "\n".join(parts) + "\n"


def test_the_page_lists_every_file_with_its_own_first_line() -> None:
    listed = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert listed == file_list(), "run `uv run python tests/test_architecture.py`"


def test_every_file_and_function_that_the_page_names_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    prose = head + rest.partition(END)[2]
    named = re.findall(r"`((?:[\w.]+/)*[\w.]+\.(?:py|yaml)|(?:[\w.]+/)+)(?::([\w.]+))?`", prose)
    assert named
    lost = [f"{file}:{name}" for file, name in named if not is_there(file, name)]
    assert lost == []


def is_there(file: str, name: str) -> bool:
    """Whether a file has a function, a class, or a class's method or attribute, of that name."""
    path = ROOT / file
    if not path.exists() or not name:
        return path.exists()
    inside: list[ast.stmt] = tree(path).body
    for part in name.split("."):
        found = next((node for node in inside if part in names_of(node)), None)
        if found is None:
            return False
        inside = found.body if isinstance(found, ast.ClassDef) else []
    return True


def names_of(node: ast.stmt) -> set[str]:
    """The names that a statement defines."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    targets = (
        node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    )
    return {target.id for target in targets if isinstance(target, ast.Name)}


if __name__ == "__main__":
    head, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(head + begin + file_list() + END + rest.partition(END)[2], encoding="utf-8")
