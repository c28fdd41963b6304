"""The keeper's side: repeated, cut off, on a full disk, over a broken index, beside a rebuild."""

import json
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner
from tests.surfaces.search.asked import answered, subjects
from tests.surfaces.search.conftest import follow

from gongkai.config import health
from gongkai.surfaces.search import building, index, jobs
from gongkai.surfaces.search.commands import search

ITEM, OTHER = "K7AAAAAAA1", "K7AAAAAAA2"


@pytest.fixture
def one(shelf):
    shelf.release(ITEM, title="水塘的安排")
    shelf.expose()
    follow()
    return shelf


def silent(_done: int, _whole: int) -> None:
    """No progress to show."""


def test_following_again_changes_nothing(one):
    place = index.current()
    index.note(place, index.State(seq=0))
    jobs.close()
    follow()
    assert answered("水塘").total == 1
    assert index.state_of(place).seq == 2
    assert not jobs.waiting()


@pytest.mark.parametrize("harm", ["missing", "no state", "other schema", "cut off", "garbage"])
def test_an_index_that_cannot_be_read_is_made_anew(one, harm):
    place = index.current()
    jobs.close()
    match harm:
        case "missing":
            (index.folder() / "current").unlink()
        case "no state":
            (place / "state.json").unlink()
        case "other schema":
            told = json.loads((place / "state.json").read_text())
            (place / "state.json").write_text(json.dumps(told | {"schema": 0}))
        case "cut off":
            for file in place.glob("*.idx"):
                file.write_bytes(file.read_bytes()[:10])
        case "garbage":
            (place / "meta.json").write_text("{")
    index._reader = index._Reader()
    with pytest.raises(index.Unreadable):
        answered("水塘")
    index.doubt()
    assert jobs.waiting()
    jobs.follow()
    assert jobs.advance() is False
    assert answered("水塘").total == 1
    assert not jobs.waiting()
    assert [each.name for each in index.generations()] == [index.current().name]


def test_a_new_index_is_made_in_portions(one, monkeypatch):
    for number in range(5):
        one.release(f"K7AAAAAAB{number}", title=f"水塘的安排之{number}")
    one.expose()
    jobs.close()
    (index.folder() / "current").unlink()
    monkeypatch.setattr(jobs, "RECORDS_AT_ONCE", 2)
    calls = 1
    while jobs.advance(lambda: True):
        calls += 1
        jobs.close()  # as if the keeper were killed between two passes
    assert calls > 2
    assert answered("水塘").total == 6


def test_a_full_disk_keeps_the_old_index_answering(one, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    one.release(OTHER, title="水塘的补充")
    one.expose()
    with monkeypatch.context() as broken:
        broken.setattr(jobs.Writing, "commit", full)
        for _ in range(3):
            assert jobs.follow() == 0
        assert "No space left" in jobs.trouble()
        assert subjects("水塘") == [ITEM]
        assert health.search_lag() is not None
        one.withdraw(ITEM)
        jobs.forget([])
    assert caplog.text.count("cannot be written") == 1
    one.expose()
    follow()
    assert subjects("水塘") == [OTHER]
    assert not jobs.waiting()


def test_an_erased_item_leaves_no_term_behind(one):
    one.release(OTHER, title="水塘的补充", body="<p>𠀀𠀁𠀂</p>")
    one.expose()
    follow()
    assert index.reading().rarest(["𠀀𠀁"]) == 1
    before = index.current()
    one.erase(OTHER)
    one.expose()
    follow()
    assert index.current() != before
    assert not before.exists()
    assert index.reading().rarest(["𠀀𠀁"]) == 0
    assert subjects("水塘") == [ITEM]


def test_a_rebuild_takes_the_place_and_the_keeper_goes_on_there(one):
    before = index.current()
    assert building.rebuild(silent, 1) == 1
    assert index.current() != before
    one.release(OTHER, title="水塘的补充")
    one.expose()
    follow()
    assert sorted(subjects("水塘")) == [ITEM, OTHER]


def test_the_command_makes_it_anew_with_progress_while_the_old_one_answers(one, monkeypatch):
    monkeypatch.setattr(building, "RECORDS_AT_ONCE", 1)
    before, seen = index.current(), []

    def progress(done: int, whole: int) -> None:
        seen.append((done, whole, index.current() == before, answered("水塘").total))

    assert building.rebuild(progress, 1) == 1
    assert seen == [(1, 2, True, 1), (2, 2, True, 1)]
    told = CliRunner().invoke(search, ["rebuild", "--jobs", "1"])
    assert (told.exit_code, told.output.splitlines()[-1]) == (0, "共1件可以搜到。")
    told = CliRunner().invoke(search, ["status"])
    assert told.output == "共1件可以搜到，日志还有0条没有跟上。\n"
    with index.building() as alone:
        assert alone
        told = CliRunner().invoke(search, ["rebuild"])
    assert told.exception.obstacles == ["检索库正在重建。请等它做完。"]


def test_a_killed_writer_leaves_what_was_committed_last(one):
    """Two processes at one folder: one is killed, a second is refused and waits."""
    place = index.current()
    jobs.close()
    script = (
        "import os, signal, sys, tantivy\n"
        f"index = tantivy.Index.open({str(place)!r})\n"
        "index.register_tokenizer('words', tantivy.TextAnalyzerBuilder("
        "tantivy.Tokenizer.whitespace()).build())\n"
        "writer = index.writer(15_000_000, 1)\n"
        "writer.delete_documents_by_term('text', '水塘')\n"
        "print('begun', flush=True)\n"
        "sys.stdin.read(1)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"begun\n"
    one.release(OTHER, title="水塘的补充")
    one.expose()
    assert jobs.follow() == 0
    assert jobs.trouble()
    child.communicate(b".")
    assert child.returncode == -signal.SIGKILL
    follow()
    assert sorted(subjects("水塘")) == [ITEM, OTHER]


def test_a_writer_killed_while_it_committed_leaves_nothing_in_the_way(one, caplog):
    one.release(OTHER, title="水渠的安排")
    one.expose()
    place = index.current()
    index.note(place, index.State(seq=0))
    jobs.close()
    follow()  # both items in one part of the index
    meta = (place / "meta.json").read_bytes()
    jobs.close()  # a keeper begins
    jobs._owed.add(ITEM)
    follow()
    assert list(place.glob("*.del"))
    jobs.close()
    (place / "meta.json").write_bytes(meta)  # as it was before that commit came to its end
    jobs._owed.add(ITEM)
    follow()
    assert (jobs.trouble(), caplog.text) == ("", "")
    assert answered("安排").total == 2
