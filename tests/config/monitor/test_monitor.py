"""The monitor over a real board: what it keeps, each alarm provoked for real, and who is silent."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.conf import settings
from tests.foundation.witness.neighbours import Neighbour
from tests.surfaces.board.office import address, filled
from tests.surfaces.board.serving import served

from gongkai.config.monitor import commands, memory, pages
from gongkai.config.monitor.commands import monitor
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.keylist import COMPROMISED
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.translog.store import TileStore

pytestmark = [pytest.mark.django_db, pytest.mark.once]

A, B, W, E = (address(number) for number in range(1, 5))
SIZE = 16


@pytest.fixture(scope="module")
def board(tmp_path_factory, django_db_setup, django_db_blocker):
    """A board with A corrected, B, W withdrawn and E erased; a log of ``SIZE`` entries, of every
    kind.
    """
    home = filled(tmp_path_factory.mktemp("monitored"), fill, django_db_blocker)
    return home.board


def fill(office):
    assert office.lease.acquire()
    office.charter()
    for subject in (A, B, W, E):
        office.release(subject, number=f"青溪-JC-2026-{subject}")
    office.go()
    office.release(A, number=f"青溪-JC-2026-{A}", body="<p>五十三处。</p>", note="更正一处。")
    office.withdraw(W)
    office.erase(E)
    rest(office)
    office.go()
    office.lease.release()


def rest(office):
    """Every kind of record that is no item's own page."""
    office.answer(A, item=A)
    office.filing(A)
    said = {"change": "rotated", "old": "a", "new": "b", "size": 0, "post": "", "reason": ""}
    restored = {"backup": "2026-11-01T00:00:00Z", "size": 1, "post": "", "reason": "换了机器"}
    told = {"kind": "problem", "ground": "error", "outcome": "corrected"}
    for kind, subject, body in (
        ("key", "log-key", said),
        ("restore", "log", restored),
        ("waiver", "due:qingxi:JC-05:2026", {"waived": True}),
        ("coverage", "cover:qingxi", {"rows": []}),
        ("report", "case:qingxi:2026-3", {**told, "answered_at": "2026-11-19T02:00:00Z"}),
        ("plan", A, {"edition": 2, "next": None}),
    ):
        office.record(kind, subject, {"public"}, body)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the monitor over an address; returns its exit status and what its JSON says."""
    monkeypatch.setattr(commands, "PAUSE", 0)

    def run(url, *options):
        words = [url, "--state", str(tmp_path / "state"), "--json", *options]
        result = CliRunner().invoke(monitor, words)
        assert result.exit_code in (0, 1, 3), result.output
        return result.exit_code, json.loads(result.output)

    run.state = tmp_path / "state"
    return run


@pytest.fixture
def look(board, run):
    """The same over the board."""
    with served(board) as url:
        yield lambda *options: run(url, *options)


@pytest.fixture
def neighbour(tmp_path):
    """A log of three entries, without pages."""
    made = Neighbour(tmp_path / "neighbour")
    made.grow(b"a", b"b", b"c")
    (made.store.folder / "vkey").write_text(made.vkey + "\n")
    with served(made.folder) as made.url:
        yield made


def alarms(told):
    status, said = told
    assert status == bool(said["alarms"])
    return [(each["kind"], each["where"]) for each in said["alarms"]]


def test_a_board_that_is_well_is_remembered(board, look, run):
    for _again in range(2):
        status, said = look()
        said.pop("url")
        assert (status, said) == (
            0,
            {
                "alarms": [],
                "known": 4,
                "looked": 4,
                "size": SIZE,
                "status": "well",
                "trouble": "",
            },
        )
    assert (run.state / f"kept/{SIZE}.txt").read_bytes() == (board / "log/checkpoint").read_bytes()


def test_a_log_that_grows_is_followed(neighbour, run):
    assert run(neighbour.url)[0] == 0
    neighbour.grow(*(b"%d" % number for number in range(300)))
    assert run(neighbour.url)[1]["size"] == 303
    kept = sorted(file.name for file in (run.state / "kept").iterdir())
    assert kept == ["3.txt", "303.txt"]


def test_a_share_each_run_and_all_of_them_in_the_end(look, monkeypatch):
    seen = []
    wrong = pages.Look.wrong
    monkeypatch.setattr(pages.Look, "wrong", lambda self, a: (seen.append(a), wrong(self, a))[1])
    for _run in range(4):
        look("--pages", "1")
    assert sorted(seen) == sorted([A, B, W, E])


def swap(file, before, after):
    data = file.read_bytes()
    assert before in data
    file.write_bytes(data.replace(before, after))


def test_each_thing_changed_on_a_page_is_named(board, look):
    for path, before, after, kind, where in (
        (f"i/{B}.html", "52处".encode(), "25处".encode(), "page-changed", f"/i/{B}"),
        (f"en/i/{B}.html", "52处".encode(), "25处".encode(), "page-changed", f"/en/i/{B}"),
        (f"i/{A}/v1.html", "52处".encode(), "25处".encode(), "page-changed", f"/i/{A}/v1"),
        (f"i/{B}.html", "农田".encode(), b"", "page-changed", f"/i/{B}"),
        (f"i/{B}.html", b"<!--/sealed-->", b"", "page-changed", f"/i/{B}"),
        (f"i/{B}/v1.json", "52处".encode(), "25处".encode(), "sealed-changed", f"/i/{B}/v1.json"),
        (f"i/{B}/v1.log.json", b"2026-", b"2025-", "not-in-log", f"/i/{B}/v1"),
        (f"i/{B}/v1.log.json", b'"index":', b'"index":9', "not-in-log", f"/i/{B}/v1"),
        (f"i/{W}/gone.log.json", b'"index":', b'"index":9', "unlogged", f"/i/{W}"),
        (f"i/{B}.json", b'"open"', b'"shut', "unreadable", f"/i/{B}"),
        (f"i/{W}/gone.json", "预算".encode(), "决算".encode(), "unlogged", f"/i/{W}"),
        (f"i/{W}/gone.log.json", b"2026-", b"2025-", "unlogged", f"/i/{W}"),
        (f"i/{W}.json", b"withdrawn", b"erased", "unlogged", f"/i/{W}"),
        (f"en/i/{W}.html", "预算".encode(), "决算".encode(), "page-changed", f"/en/i/{W}"),
        (f"i/{E}.html", b"</h1>", b"</h1><!--sealed-->x<!--/sealed-->", "page-changed", f"/i/{E}"),
    ):
        file = board / path
        whole = file.read_bytes()
        swap(file, before, after)
        for twin in (".br", ".gz"):
            file.with_name(file.name + twin).unlink(missing_ok=True)
        found = alarms(look())
        file.write_bytes(whole)
        assert found == [(kind, where)], (path, before)
    assert alarms(look()) == []


def test_what_vanishes_without_a_tombstone_is_named_until_it_is_back(board, look):
    for path in (f"i/{B}.json", f"i/{B}.html", f"en/i/{W}.html", f"i/{A}/v1.json"):
        file = board / path
        away = file.rename(file.with_name(".away"))
        for _again in range(2):
            ((kind, _where),) = alarms(look())
            assert kind == "vanished"
        away.rename(file)
    assert alarms(look()) == []


def test_a_tombstone_without_its_withdrawal_in_the_log_is_named(board, look):
    """Whoever runs the board takes B back without a word in the log, as well as it can be done."""
    kept = {path: (board / path).read_bytes() for path in files_of(board, B)}
    own = {path.replace(W, B): (board / path).read_bytes() for path in files_of(board, W)}
    for path in kept:
        (board / path).unlink()
    try:
        for path, data in own.items():
            (board / path).parent.mkdir(parents=True, exist_ok=True)
            (board / path).write_bytes(data.replace(W.encode(), B.encode()))
        assert alarms(look()) == [("unlogged", f"/i/{B}")]
        (board / f"i/{B}/gone.json").unlink()
        assert alarms(look()) == [("unlogged", f"/i/{B}")]
    finally:
        for path in own:
            (board / path).unlink(missing_ok=True)
        for path, data in kept.items():
            (board / path).write_bytes(data)
    assert alarms(look()) == []


def test_what_was_published_meanwhile_is_looked_at_under_the_next_checkpoint(
    board, look, run, monkeypatch
):
    """A page stands after its entry: what no later checkpoint covers was never logged."""
    checkpoint = board / "log/checkpoint"
    now = checkpoint.read_text()
    signer = Signer.parse((board.parent / "keys/log.key").read_text())
    before = Checkpoint(settings.LOG_ORIGIN, 5, TileStore(board / "log").root(5)).text()
    try:
        checkpoint.write_text(signer.sign(before))
        assert {kind for kind, _where in alarms(look())} == {"not-in-log", "unlogged"}
        monkeypatch.setattr(commands.time, "sleep", lambda _seconds: checkpoint.write_text(now))
        assert look()[1]["size"] == SIZE
        assert alarms(look()) == []
    finally:
        checkpoint.write_text(now)


def files_of(board, subject):
    """The files that a board has of one item."""
    found = [*board.glob(f"i/{subject}*"), *board.glob(f"en/i/{subject}*")]
    found += [*board.glob(f"i/{subject}/*"), *board.glob(f"en/i/{subject}/*")]
    return [str(path.relative_to(board)) for path in found if path.is_file()]


def test_a_truncated_bundle_is_an_alarm(board, look):
    file = board / f"log/tile/entries/000.p/{SIZE}"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    found = {kind for kind, _where in alarms(look("--pages", "1"))}
    file.write_bytes(whole)
    assert found == {"tiles"}


def rewritten(neighbour):
    """The operator's own key, another history."""
    other = Neighbour(neighbour.folder.parent / "rewritten")
    other.grow(b"a", b"B", b"c", b"d", b"e")
    shutil.rmtree(neighbour.store.folder / "tile")
    shutil.copytree(other.store.folder, neighbour.store.folder, dirs_exist_ok=True)


def same_size(neighbour):
    neighbour.expose(3, root=bytes(32))


def shorter(neighbour):
    neighbour.expose(2)


def other_key(neighbour):
    neighbour.expose(3, signer=Signer.generate("other.test/log"))


def other_log(neighbour):
    text = Checkpoint("third.test/log", 3, neighbour.store.root(3)).text()
    (neighbour.store.folder / "checkpoint").write_text(neighbour.signer.sign(text))


def false(neighbour):
    swap(neighbour.store.folder / "checkpoint", b"\n3\n", b"\n4\n")


def tile_gone(neighbour):
    neighbour.grow(b"d")
    (neighbour.store.folder / "tile/0/000.p/4").unlink()


@pytest.mark.parametrize(
    ("happens", "kind"),
    [
        (rewritten, "fork"),
        (same_size, "fork"),
        (shorter, "rollback"),
        (other_key, "wrong-key"),
        (other_log, "wrong-origin"),
        (false, "wrong-signature"),
        (tile_gone, "tiles"),
    ],
)
def test_a_log_that_does_not_go_on_is_an_alarm_at_each_run_with_evidence(
    neighbour, run, happens, kind
):
    run(neighbour.url)
    checkpoint = neighbour.store.folder / "checkpoint"
    good = checkpoint.read_text()
    happens(neighbour)
    for _again in range(2):
        assert alarms(run(neighbour.url)) == [(kind, "")]
    (folder,) = (run.state / "evidence").iterdir()
    assert (folder / "before.txt").read_text() == good
    assert (folder / "now.txt").read_text() == checkpoint.read_text()
    assert (run.state / "checkpoint").read_text() == good


def test_a_key_that_the_log_announced_is_followed_without_naming_it(neighbour, run):
    run(neighbour.url)
    neighbour.changes_key()
    assert alarms(run(neighbour.url)) == []
    assert (run.state / "vkey").read_text() == neighbour.vkey + "\n"
    neighbour.changes_key(COMPROMISED)
    assert alarms(run(neighbour.url)) == [("stolen-key", "")]
    assert alarms(run(neighbour.url, "--vkey", neighbour.vkey)) == []


def test_the_key_is_pinned_or_named(neighbour, run):
    other = Signer.generate("other.test/log")
    assert alarms(run(neighbour.url, "--vkey", other.verifier.vkey)) == [("wrong-key", "")]
    assert alarms(run(neighbour.url, "--vkey", neighbour.vkey)) == []
    (neighbour.store.folder / "vkey").write_text(other.verifier.vkey + "\n")
    assert alarms(run(neighbour.url)) == []
    # A key that nobody announced: whoever believes it names it, and the history still binds.
    neighbour.expose(3, signer=other)
    assert alarms(run(neighbour.url, "--vkey", other.verifier.vkey)) == []
    neighbour.expose(3, signer=other, root=bytes(32))
    assert alarms(run(neighbour.url)) == [("fork", "")]
    assert CliRunner().invoke(monitor, [neighbour.url, "--vkey", "nonsense"]).exit_code == 2


def test_who_does_not_answer_is_no_alarm(neighbour, run):
    run(neighbour.url)
    assert run("http://127.0.0.1:9")[0] == 3
    checkpoint = neighbour.store.folder / "checkpoint"
    checkpoint.write_text("<html>Please log in to this network.</html>")
    status, said = run(neighbour.url)
    assert (status, said["status"], said["alarms"]) == (3, "unanswered", [])
    checkpoint.unlink()
    assert run(neighbour.url)[0] == 3
    with memory.opened(run.state):
        assert run(neighbour.url)[0] == 3
    assert CliRunner().invoke(monitor, ["file:///etc"]).exit_code == 2


def test_it_needs_the_package_and_nothing_else(board, tmp_path):
    with served(board) as url:
        script = (
            "import sys, atexit; from gongkai.config.cli import gongkai;"
            f"sys.argv = ['gongkai', 'monitor', '{url}', '--state', '{tmp_path / 'alone'}'];"
            "atexit.register(lambda: print([n for n in sys.modules if n == 'django']));"
            "gongkai()"
        )
        surroundings = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        run = subprocess.run(
            [sys.executable, "-c", script], env=surroundings, capture_output=True, text=True
        )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"好：日志{SIZE}条，接得上；查了4件网页（共4件）。 / Well.\n[]\n"
