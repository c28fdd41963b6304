"""Backups: consistent while everything runs, one copy of each file, whole or none."""

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection, connections, transaction
from tests.config.backups.conftest import WORDS, needs_pg_dump

from gongkai.config import copying
from gongkai.config.backups import pool as pools
from gongkai.config.backups import sealing
from gongkai.config.backups.commands import backup
from gongkai.config.backups.keeping import Schedule
from gongkai.config.backups.pool import Pool
from gongkai.config.env import Unusable
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.translog.tiles import WIDTH, changed
from gongkai.surfaces.board.crew import own_connections

pytestmark = needs_pg_dump


def verified(dest):
    return CliRunner().invoke(backup, ["verify", str(dest)])


def acts_in(copy) -> int:
    """How many acts a copy of the database holds."""
    if copying.suffix() == ".dump":
        command = ["pg_restore", "--data-only", "--table=ledger_act", "--file=-", copy]
        lines = subprocess.check_output(command, text=True).split("\nCOPY ")[1].split("\n")
        return lines.index("\\.") - 1
    with closing(sqlite3.connect(copy)) as opened:
        return opened.execute("SELECT count(*) FROM ledger_act").fetchone()[0]


def test_a_backup_holds_everything_and_a_second_copies_only_what_is_new(station):
    (station.home.path / "calendars/2027.json").write_text("{}")
    done = station.backup()
    assert done.exit_code == 0, done.output
    first = station.newest()
    paths = {kept.path for kept in first.files}
    standing = {
        file.relative_to(station.home.path).as_posix()
        for name in ("files", "archive", "board/log", "audit", "calendars")
        for file in (station.home.path / name).rglob("*")
        if file.is_file() and ".p/" not in file.as_posix()
    }
    partial = {
        f"{log}/{tile.path}"
        for log in ("board/log", "audit")
        for tile in changed(0, int((station.home.path / log / "checkpoint").read_text().split()[1]))
        if tile.width < WIDTH
    }
    assert paths == standing | partial | {f"database{copying.suffix()}"}
    assert first.facts["checkpoint"] == (station.home.log / "checkpoint").read_text()
    secrets = sealing.unseal(first.sealed, WORDS, first.covered())
    assert sorted(secrets) == [
        "gongkai.toml",
        "keys/audit.key",
        "keys/contact.key",
        "keys/django.key",
        "keys/log.key",
        "keys/witness.key",
    ]
    assert all(
        key.read_bytes() not in station.pool.manifests()[-1].read_bytes()
        for key in station.home.keys.iterdir()
    )
    station.publish(attach=True)
    assert station.backup().exit_code == 0
    new = set(station.newest().blobs) - set(first.blobs)
    copied = {kept.path for kept in station.newest().files if kept.sha256 in new}
    blobs = {blob.name for blob in station.pool.blobs.glob("??/*")}
    assert blobs == set(first.blobs) | new
    assert {path.partition("/")[0] for path in copied} == {
        "audit",
        f"database{copying.suffix()}",
        "board",
        "files",
    }
    assert len([path for path in copied if path.startswith("files/")]) == 1
    sound = verified(station.dest)
    assert (sound.exit_code, "完好：2份备份" in sound.output) == (0, True)
    assert all(file.stat().st_mode & 0o077 == 0 for file in (station.dest, station.pool.blobs))


def test_a_flipped_byte_is_found_set_aside_and_saved_anew(station):
    station.backup()
    kept = next(each for each in station.newest().files if each.path.startswith("files/"))
    blob = station.pool.blob(kept.sha256)
    data = bytearray(blob.read_bytes())
    data[3] ^= 1
    blob.write_bytes(data)
    found = verified(station.dest)
    assert found.exit_code == 1
    assert f"坏了：{station.pool.manifests()[0].stem} {kept.path}" in found.output
    assert station.backup().exit_code == 0
    assert verified(station.dest).exit_code == 0


def test_a_changed_list_is_found(station):
    station.backup()
    file = station.pool.manifests()[0]
    file.write_bytes(file.read_bytes().replace(b"sqlite", b"sqlitf").replace(b"postg", b"postf"))
    found = verified(station.dest)
    assert (found.exit_code, f"清单坏了：{file.name}" in found.output) == (1, True)


def test_a_damaged_attachment_is_named_and_not_taken_for_sound(station):
    digest = next(station.home.files.glob("??/??/*"))
    digest.write_bytes(b"other bytes")
    done = station.backup()
    assert (done.exit_code, f"坏了或缺了：files/{digest.name[:2]}" in done.output) == (1, True)
    assert [kept for kept in station.newest().files if kept.path.startswith("files/")] == []


# -- what stands in the way ------------------------------------------------------------------------


def refused(station, *options) -> str:
    done = station.backup(*options)
    assert isinstance(done.exception, Unusable), done.output
    return str(done.exception)


def test_what_makes_no_sense_is_refused_with_a_sentence_and_nothing_is_written(station, settings):
    sound = station.dest
    station.dest = station.home.path / "backups" / "all"
    assert "在数据文件夹里面" in refused(station)
    assert not station.dest.exists()
    station.dest = sound / "not" / "there"
    assert "盘挂上了吗" in refused(station)
    station.dest = sound
    result = CliRunner().invoke(backup, [str(station.dest)])
    assert "没有备份口令。请用 --passphrase-file" in str(result.exception)
    station.words.write_text("short")
    assert "备份口令至少要12个字符" in refused(station)
    assert not station.dest.exists()
    station.words.write_text(WORDS)
    (station.dest / "photos").mkdir(parents=True)
    assert "里有别的东西（photos）" in refused(station)
    assert [each.name for each in station.dest.iterdir()] == ["photos"]
    (station.dest / "photos").rmdir()
    station.backup()
    settings.LOG_ORIGIN = "other.invalid/log"
    assert "是另一个站点的备份" in refused(station)


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "满了"), (errno.EROFS, "不能写入")])
def test_a_full_or_closed_disk_leaves_the_earlier_backups(station, monkeypatch, number, words):
    station.backup()
    station.publish(attach=True)

    def fail(_source, target):
        raise OSError(number, os.strerror(number), target.name)

    monkeypatch.setattr(pools, "_copy", fail)
    assert words in refused(station)
    monkeypatch.undo()
    assert len(station.pool.manifests()) == 1
    assert verified(station.dest).exit_code == 0
    assert not station.pool.incoming.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="only PostgreSQL needs a program")
def test_a_lost_pg_dump_is_told_before_anything_is_written(station, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert refused(station).startswith("找不到 pg_dump，什么都没有做。")
    assert not station.dest.exists()


# -- while others write, and after sudden deaths ------------------------------------------------


def child(work) -> int:
    """A process that does ``work`` on its own connection until it is killed."""
    connections.close_all()
    number = os.fork()
    if number:
        return number
    try:
        os.setpgid(0, 0)
        own_connections()  # killed in a transaction on an inherited one, it would hold its locks
        work()
    finally:
        os._exit(0)


def write_acts():
    while True:
        with transaction.atomic():
            ledger.record(
                verb="test.write", actor=ledger.SYSTEM, organisation="qingxi", subject="x", label=""
            )


def test_a_backup_taken_while_another_process_writes_is_of_one_moment(station):
    before = Act.objects.count()
    writer = child(write_acts)
    try:
        while Act.objects.count() < before + 20:
            time.sleep(0.01)
        done = station.backup()
        after = Act.objects.count()
    finally:
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
    assert done.exit_code == 0, done.output
    blob = next(kept for kept in station.newest().files if kept.path.startswith("database"))
    assert before + 20 <= acts_in(station.pool.blob(blob.sha256)) <= after


def test_killed_at_any_moment_a_backup_is_none_and_the_next_one_is_whole(station):
    deaths, died = 0, True
    while died:
        left = station.dest.parent / "left"
        shutil.rmtree(left, ignore_errors=True)
        if station.dest.exists():
            station.dest.rename(left)
        number = child(lambda step=deaths + 1: dying(step, station))
        died = os.WIFSIGNALED(os.waitpid(number, 0)[1])
        deaths += died
        assert len(station.pool.manifests()) == (not died)
    assert deaths > 5  # the format, the log's files, the database, the list
    station.dest = left
    assert station.backup().exit_code == 0
    assert len(Pool(left).manifests()) == 1
    assert verified(left).exit_code == 0
    assert not (left / "incoming").exists()


def dying(step: int, station) -> None:
    """A backup that dies at its ``step``-th rename: of blobs, at last of the list."""
    left = [step]

    def perhaps(move):
        def moved(old, new):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return move(old, new)

        return moved

    pools.Path.replace, pools.Path.rename = (
        perhaps(pools.Path.replace),
        perhaps(pools.Path.rename),
    )
    station.backup()


# -- which stay ------------------------------------------------------------------------------------


def test_the_schedule_keeps_the_newest_of_each_period():
    now = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
    hourly = [now - timedelta(hours=hours) for hours in range(0, 24 * 800, 12)]
    kept = set(hourly) - Schedule(last=2, daily=3, weekly=2, monthly=2, yearly=2).outdated(hourly)
    assert sorted(f"{at:%Y-%m-%d %H}" for at in kept) == [
        "2025-12-31 17",
        "2026-10-31 17",
        "2026-11-22 17",
        "2026-11-24 17",
        "2026-11-25 17",
        "2026-11-26 05",
    ]
    assert Schedule(0, 0, 0, 0, 0).outdated([now]) == set()


def test_what_no_backup_needs_any_more_is_removed(station):
    station.backup()
    old = station.newest()
    station.publish()
    options = ("--last", "1", "--daily", "1", "--weekly", "0", "--monthly", "0", "--yearly", "0")
    assert station.backup(*options).exit_code == 0
    assert [file.stem for file in station.pool.manifests()] == [station.newest().name[:-5]]
    assert station.newest().name != old.name
    blobs = {blob.name for blob in station.pool.blobs.glob("??/*")}
    assert blobs == set(station.newest().blobs)


def test_pruning_leaves_all_while_a_list_is_damaged(station):
    station.backup()
    file = station.pool.manifests()[0]
    file.write_bytes(b"nothing")
    station.publish()
    done = station.backup()
    assert "没有清理旧文件" in done.output
    assert Pool(station.dest).manifests()[0] == file
