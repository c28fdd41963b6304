"""The reference tells what there is, and the programs in it do what their pages say."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from shutil import which
from urllib.parse import unquote

import click
import pytest
from tests.surfaces.board.office import Office, address, forget
from tests.surfaces.board.remembered import RememberedHome

from gongkai.config import cli
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.translog.note import Signer

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
A = address(1)


# -- commands --------------------------------------------------------------------------------------


def commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    """Every command under ``group`` with the words that call it; groups give way to their own."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


def sections(page: str) -> dict[str, str]:
    """The text under each heading that is a command."""
    found = re.split(r"^#+ `(gongkai [^`]+)`\n", (DOCS / page).read_text("utf-8"), flags=re.M)
    return dict(zip(found[1::2], found[2::2], strict=True))


def flags(command: click.Command) -> set[str]:
    """The options of ``command`` in their longest spelling."""
    return {max(each.opts, key=len) for each in command.params if isinstance(each, click.Option)}


def test_every_command_is_in_the_reference():
    documented = sections("reference/commands.md")
    there = dict(commands(cli.gongkai, "gongkai"))
    assert sorted(documented) == sorted(there)
    untold = {
        f"{name} {flag}"
        for name, command in there.items()
        for flag in flags(command)
        if f"`{flag}" not in documented[name]
    }
    assert sorted(untold) == []


# -- the log ---------------------------------------------------------------------------------------


@pytest.fixture
def board(home, settings, db):
    """A board whose log fills one bundle and begins another."""
    (home.keys / "log.key").write_text(Signer.generate(settings.LOG_ORIGIN).skey)
    forget()
    logged(home)
    return home.board


@RememberedHome
def logged(home) -> None:
    lease = Lease()
    assert lease.acquire()
    office = Office(home, lease)
    office.charter()
    for number in range(255):
        office.record("note", f"n{number}", {"org:qingxi"}, {})
    office.release(A)
    office.record("note", "last", {"org:qingxi"}, {})
    office.go()
    lease.release()


@pytest.fixture
def checked(board, tmp_path):
    """Runs the program of the page against the folder; returns what it said."""
    page = (DOCS / "reference/log-format.md").read_text("utf-8")
    program = tmp_path / "check_item.py"
    program.write_text(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1])

    def run():
        return subprocess.run(
            [sys.executable, "-I", program, board.as_uri(), A, "v1"],
            capture_output=True,
            text=True,
        )

    return run


def change(file: Path, before: bytes, after: bytes) -> None:
    data = file.read_bytes()
    assert before in data
    file.write_bytes(data.replace(before, after, 1))


def kinds_in_source() -> set[str]:
    """The kind that each public record in the source is opened with."""
    own, found = ROOT / "src/gongkai/foundation/ledger/workflow.py", set()
    opens = {False: {"ledger.Opening"}, True: {"Opening"}}
    for file in (ROOT / "src/gongkai").rglob("*.py"):
        if "Opening(" not in (text := file.read_text("utf-8")):
            continue
        module = import_module(".".join(file.relative_to(ROOT / "src").with_suffix("").parts))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in opens[file == own]:
                given = [*(each.value for each in node.keywords if each.arg == "kind"), *node.args]
                found.add(eval(ast.unparse(given[0]), vars(module)))
    return found


def test_the_format_of_the_log_names_every_kind():
    page = (DOCS / "reference/log-format.md").read_text("utf-8")
    (told,) = re.findall(r"^\| `kind` \| (`release`.*) \|$", page, flags=re.M)
    assert set(re.findall(r"`([a-z-]+)`", told)) == kinds_in_source()


@pytest.mark.once
@pytest.mark.skipif(not which("openssl"), reason="the program asks openssl for the signature")
def test_the_program_finds_an_item_in_the_log(checked):
    said = checked()
    assert said.stdout.startswith("OK: entry 256 of 258, logged "), said.stderr


@pytest.mark.once
def test_the_program_sees_a_changed_text(checked, board):
    change(board / "i" / A / "v1.json", "52处".encode(), "99处".encode())
    assert "the log says something else of this item" in checked().stderr


@pytest.mark.once
def test_the_program_sees_a_changed_time(checked, board):
    facts = board / "i" / A / "v1.log.json"
    change(facts, b'"version":1', b'"version":2')
    assert "the log says something else of this item" in checked().stderr


@pytest.mark.once
def test_the_program_sees_another_entry_changed(checked, board):
    change(board / "log/tile/entries/000", b'"kind":"note"', b'"kind":"nope"')
    assert "the entries do not give the root" in checked().stderr


@pytest.mark.once
@pytest.mark.skipif(not which("openssl"), reason="the program asks openssl for the signature")
def test_the_program_sees_a_checkpoint_of_another_key(checked, board):
    (board / "log/vkey").write_text(Signer.generate("gongkai.test/log").verifier.vkey + "\n")
    said = checked()
    assert said.returncode == 1
    assert "openssl" in said.stderr


# -- links -----------------------------------------------------------------------------------------


def links(page: Path) -> Iterator[str]:
    """The relative links and pictures of ``page``."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            yield target


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of ``page``."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.M)
    plain = (re.sub(r"[^\w\- ]", "", head.lower()) for head in heads)
    return {head.replace(" ", "-") for head in plain}


def leads_somewhere(page: Path, target: str) -> bool:
    path, _, anchor = unquote(target).partition("#")
    file = (page.parent / path).resolve() if path else page
    return file.exists() and (not anchor or anchor in anchors(file))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    assert [each for each in links(page) if not leads_somewhere(page, each)] == []


def test_every_page_is_in_the_index():
    index = DOCS / "README.md"
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in links(index)}
    decisions = DOCS / "adr"  # they have an index of their own rules, and are read by number
    pages = {page for page in DOCS.rglob("*.md") if page.parent != decisions and page != index}
    assert sorted(map(str, pages - linked)) == []


def test_the_pictures_stay_small():
    sizes = {file.name: file.stat().st_size for file in (DOCS / "images").iterdir()}
    assert [name for name, size in sizes.items() if size > 250_000] == []
    assert sum(sizes.values()) <= 1_500_000
