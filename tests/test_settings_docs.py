"""The reference knows every setting, and every dependency has its reason."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
READERS = {"text", "number", "flag", "setting"}


def read_in(tree: ast.AST) -> Iterator[str]:
    """The variables that a module reads, as it names them."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        reader = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if reader in READERS and isinstance(first, ast.Constant) and str(first.value).isupper():
            yield first.value


def first_column(page: str, heading: str) -> list[str]:
    """The names in the first column of the table under ``heading``."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    table = text[text.index(heading) :].split("\n\n")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_every_setting_is_in_the_reference():
    used = {
        name
        for file in (ROOT / "src").rglob("*.py")
        for name in read_in(ast.parse(file.read_text("utf-8")))
    }
    assert sorted(first_column("reference/settings.md", "| Variable")) == sorted(used)


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [name for group in project.get("optional-dependencies", {}).values() for name in group]
    wanted = [*project["dependencies"], *extras]
    names = [re.match(r"[A-Za-z0-9-]+", requirement)[0] for requirement in wanted]
    assert sorted(first_column("explanation/dependencies.md", "| Package")) == sorted(names)
