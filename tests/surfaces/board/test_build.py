"""All pages anew: the same bytes, wherever it is cut off, and in the background."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.surfaces.board.office import address, pages

from gongkai.foundation.core.errors import Refused
from gongkai.surfaces.board import assets, build, crew, jobs, renderer, rendering, shelves
from gongkai.surfaces.board.build import CUTS, FIXED, ITEMS, SHARDS

A, B = address(1), address(2)


class Cut(Exception):
    """The process ends here."""


@pytest.fixture
def small(monkeypatch):
    """Units and lists so small that a few items make many."""
    monkeypatch.setattr(shelves, "PAGE", 3)
    monkeypatch.setattr(build, "ITEMS_AT_ONCE", 2)
    monkeypatch.setattr(build, "CUTS_AT_ONCE", 4)
    monkeypatch.setattr(build, "NOTED_AFTER", 1)


def clear(office):
    """Lose every page, as a broken disk would."""
    for part in office.home.board.iterdir():
        if part.name not in ("log", "assets"):
            shutil.rmtree(part) if part.is_dir() else part.unlink()


# -- the plan --------------------------------------------------------------------------------------


def test_a_plan_begins_with_the_newest_and_leaves_nothing_out(monkeypatch):
    monkeypatch.setattr(shelves, "PAGE", 2)
    monkeypatch.setattr(build, "ITEMS_AT_ONCE", 3)
    monkeypatch.setattr(build, "CUTS_AT_ONCE", 2)
    sizes = {"all": 7, "c:x:A": 3, "c:x:B": 0}
    units = list(build.units(sizes))
    assert units == [
        (FIXED, ()),
        (CUTS, (("all", 4), ("c:x:A", 2))),
        (CUTS, (("c:x:B", 1),)),
        (ITEMS, (4, 7)),
        (ITEMS, (1, 4)),
        (ITEMS, (0, 1)),
        (CUTS, (("all", 3), ("c:x:A", 1))),
        (CUTS, (("all", 2), ("all", 1))),
        (SHARDS, (0,)),
    ]
    assert sum(map(build.weight, units)) == build.total(sizes)


# -- cut off ---------------------------------------------------------------------------------------


def test_a_build_that_was_cut_off_goes_on_where_it_was(qingxi_board, monkeypatch, small):
    for number in range(9):
        qingxi_board.release(address(number))
    qingxi_board.go()
    whole = pages(qingxi_board.home.board)
    clear(qingxi_board)
    done, real = [], build.perform

    def perform(unit):
        if len(done) == 6:
            raise Cut
        done.append(unit)
        return real(unit)

    monkeypatch.setattr(build, "perform", perform)
    with pytest.raises(Cut):
        build.build()
    done.append("the next run")
    build.build()
    sizes = rendering.sizes(jobs.houses.town())
    assert done[:6] + done[7:] == list(build.units(sizes))
    assert pages(qingxi_board.home.board) == whole
    assert rendering.manifest().fact("plan") is None


@pytest.mark.parametrize("other", ["renderer", "log", "day"])
def test_it_begins_again_when_anything_has_changed(
    qingxi_board, monkeypatch, small, time_machine, other
):
    qingxi_board.release(A)
    qingxi_board.go()
    done, real = [], build.perform
    monkeypatch.setattr(build, "perform", lambda unit: (done.append(unit), real(unit))[1])
    seen = []

    def progress(now, _whole):
        seen.append(now)
        if len(done) == 3:
            done.append("cut")
            raise Cut

    with pytest.raises(Cut):
        build.build(progress)
    match other:
        case "renderer":
            monkeypatch.setattr(renderer, "version", lambda: "another")
        case "log":
            qingxi_board.release(B)
            qingxi_board.expose()
        case "day":
            time_machine.shift(86400)
    build.build(lambda now, _whole: seen.append(now))
    assert done.index((FIXED, ()), 4) == 4


def test_a_full_disk_stops_it_and_the_next_run_completes_it(qingxi_board, monkeypatch, small):
    for number in range(5):
        qingxi_board.release(address(number))
    qingxi_board.go()
    whole = pages(qingxi_board.home.board)
    clear(qingxi_board)
    write, left = os.write, 20

    def full(handle, data):
        nonlocal left
        left -= 1
        if left < 0:
            write(handle, bytes(data)[:7])  # what a full disk does: a part, then no more
            raise OSError(28, "No space left on device")
        return write(handle, data)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        build.build()
    monkeypatch.setattr(os, "write", write)
    half = pages(qingxi_board.home.board)
    assert {path: half[path] for path in half} == {path: whole[path] for path in half}
    build.build()
    assert pages(qingxi_board.home.board) == whole


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into any folder")
def test_a_folder_that_cannot_be_written_is_reported(qingxi_board):
    clear(qingxi_board)
    qingxi_board.home.board.chmod(0o500)
    with pytest.raises(PermissionError):
        build.build()
    qingxi_board.home.board.chmod(0o700)


# -- several processes -----------------------------------------------------------------------------


def square(number):
    """Work for a process; it dies of thirteen, and fails at fourteen."""
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 14:
        raise OSError(28, "No space left on device")
    return number * number, os.getpid()


def test_results_come_in_order_from_other_processes():
    done = list(crew.shared(square, range(12), 2))
    assert [(work, result) for work, (result, _process) in done] == [(n, n * n) for n in range(12)]
    assert os.getpid() not in {process for _work, (_result, process) in done}


@pytest.mark.parametrize(("fatal", "error"), [(13, Refused), (14, OSError)])
def test_a_process_that_dies_or_fails_ends_the_work(fatal, error):
    with pytest.raises(error):
        list(crew.shared(square, [1, 2, fatal, 4], 2))


ENDLESS = """
import os, sys, time
sys.path.insert(0, {tests!r})
from gongkai.surfaces.board import crew
def wait(number):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(60)
list(crew.shared(wait, range(8), 2))
"""


def test_the_processes_end_with_the_one_that_started_them():
    code = "import django; django.setup()\n" + ENDLESS.format(tests=os.getcwd())
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    workers = [int(parent.stdout.readline()) for _ in range(2)]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(map(alive, workers))


def alive(process):
    """Whether a process of this number still runs."""
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False


# -- in the background -----------------------------------------------------------------------------


def test_another_renderer_makes_all_pages_anew_while_publishing_goes_on(
    qingxi_board, monkeypatch, small
):
    for number in range(7):
        qingxi_board.release(address(number))
    qingxi_board.go()
    assert not build.advance()
    for page in qingxi_board.home.board.rglob("*.html"):
        page.write_text("by the old renderer")
    monkeypatch.setattr(renderer, "version", lambda: "another")
    assert build.advance(lambda: True)
    assert "青溪" in qingxi_board.page("index.html")  # the home page first
    assert qingxi_board.page(f"i/{address(0)}.html") == "by the old renderer"
    qingxi_board.release(B, title="新的一件")
    qingxi_board.expose()
    jobs.follow()
    assert "新的一件" in qingxi_board.page(f"i/{B}.html")
    passes = 1
    while build.advance(lambda: True):
        passes += 1
    assert passes > 5
    assert not any(
        b"by the old renderer" in data for data in pages(qingxi_board.home.board).values()
    )
    followed = pages(qingxi_board.home.board)
    assert build.build().changed == 0
    assert pages(qingxi_board.home.board) == followed


def test_old_assets_stay_until_the_last_page_is_made_anew(qingxi_board, monkeypatch, settings):
    folder = qingxi_board.home.assets / "board"
    folder.mkdir(parents=True)
    for name in ("board.css", "board.new.css", "board.new.css.br", "board.old.css"):
        (folder / name).touch()
    named = {"board/board.css": "board/board.new.css"}
    monkeypatch.setattr(
        assets, "staticfiles_storage", type("Storage", (), {"hashed_files": named})()
    )
    monkeypatch.setattr(renderer, "version", lambda: "another")
    assert build.advance(lambda: True)
    assert (folder / "board.old.css").exists()
    while build.advance(lambda: True):
        pass
    assert sorted(path.name for path in folder.iterdir()) == [
        "board.css",
        "board.new.css",
        "board.new.css.br",
    ]


def test_the_renderer_changes_with_the_addresses_in_every_page(settings):
    before = renderer.version()
    assert renderer.version() == before
    settings.OFFICE_URL = "https://office.example"
    assert renderer.version() != before


def test_a_lost_manifest_is_made_again(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.go()
    known = dict(rendering.manifest().portion(""))
    (qingxi_board.home.board / "forged.html").write_text("x")
    rendering._manifest.cache_clear()
    for file in qingxi_board.home.run.glob("board.sqlite3*"):
        file.unlink()
    build.advance()
    assert dict(rendering.manifest().portion("")) == known
    assert not qingxi_board.has("forged.html")
