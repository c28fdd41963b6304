"""Restoring: proved from the log, never onto something else, and unsigned while it may be old."""

import dataclasses
import os
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection, connections
from tests.config.backups.conftest import needs_pg_dump
from tests.foundation.witness.neighbours import Neighbour
from tests.surfaces.board.serving import served

from gongkai.config import doctor, keeper, run, wrapping
from gongkai.config.backups import laying, outside, sealing
from gongkai.config.backups.restoring import restore
from gongkai.config.env import Unusable
from gongkai.foundation.files import storage
from gongkai.foundation.ledger import held
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.cosignature import Cosigner
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.witness.models import TrustedWitness
from gongkai.procedure.publication import workflow as publish
from gongkai.surfaces.board.crew import own_connections

pytestmark = needs_pg_dump

ADMINISTRATOR = "clerk"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under ``folder``."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def refused(done) -> str:
    assert isinstance(done.exception, Unusable), (done.output, done.exception)
    return str(done.exception)


def confirm(*options: str):
    given = ["confirm", "--as", ADMINISTRATOR, *options]
    return CliRunner().invoke(restore, given)


def test_what_the_public_knows_is_all_there_so_it_goes_on(station, elsewhere, public):
    where = public()
    (station.home.path / "calendars/2027.json").write_text("{}")
    station.backup()
    before = tree(station.home.board)
    elsewhere.enter()
    done = elsewhere.restore(station, "--witness", where)
    assert (done.exit_code, "恢复好了，可以启动" in done.output) == (0, True), done.output
    home = elsewhere.home
    after = tree(home.board)
    pages = {name for name in before if not name.startswith(("assets/", "log/tile/"))}
    assert {name: after[name] for name in pages} == {name: before[name] for name in pages}
    assert tree(home.files) == tree(station.home.files)
    assert (home.path / "calendars/2027.json").read_text() == "{}"
    assert tree(home.keys) == tree(station.home.keys)
    assert home.settings_file.read_bytes() == station.home.settings_file.read_bytes()
    private = [home.keys / "log.key", home.settings_file, home.files, home.archive]
    assert [path for path in private if path.stat().st_mode & 0o077] == []
    assert not (home.path / held.WORK).exists()
    station.home = home
    station.publish()
    assert TileStore(home.log).read_checkpoint().split("\n")[1] == str(station.size + 1)
    assert "里已经有东西" in refused(elsewhere.restore(station))


def test_a_backup_older_than_what_the_public_saw_stays_unsigned(
    station, elsewhere, public, tmp_path
):
    station.backup()
    station.publish()
    where = public()
    kept = tmp_path / "kept"
    kept.mkdir()
    shutil.copy(station.home.log / "checkpoint", kept / "newest.txt")
    elsewhere.enter()
    told = refused(elsewhere.restore(station, "--witness", where))
    assert f"{where} 见过{station.size + 1}条，这里只有{station.size}条" in told
    assert f"缺的是序号：\n{station.size} release 20" in told
    for again in (confirm("--reason", "只有这一份"), confirm("--witness", str(kept))):
        assert isinstance(again.exception, Unusable)
    assert not (elsewhere.home.board / "index.html").exists()
    with pytest.raises(held.Held):
        keeper.run_once()


def test_an_earlier_backup_beside_a_newer_one_is_known_to_be_old(station, elsewhere):
    station.backup()
    first = station.newest()
    station.publish()
    station.backup()
    elsewhere.enter()
    assert "以前没有备份" in refused(elsewhere.restore(station, "--at", "2020-01-01"))
    assert "不是日期" in refused(elsewhere.restore(station, "--at", "yesterday"))
    name = first.name.removesuffix(".json")
    at = first.at.isoformat()
    assert laying.chosen(station.pool, at) == laying.chosen(station.pool, name) == first
    assert laying.chosen(station.pool, f"{first.at.astimezone():%Y-%m-%d}") == station.newest()
    told = refused(elsewhere.restore(station, "--at", at))
    assert f"见过{station.size + 1}条，这里只有{station.size}条" in told


def test_reaching_nobody_it_waits_for_a_reason_that_the_log_keeps(station, elsewhere):
    station.backup()
    elsewhere.enter()
    done = elsewhere.restore(station)
    assert (done.exit_code, "还不能签日志" in done.output) == (0, True), done.output
    assert "gongkai restore confirm" in doctor.log()
    with pytest.raises(Unusable, match="恢复后还没有确认"):
        run.check_restored(elsewhere.home)
    with pytest.raises(held.Held):
        keeper.run_once()
    assert "请写明理由" in refused(confirm())
    assert confirm("--reason", "机房失火，旧机器上的公开栏已经看不到").exit_code == 0
    act = Act.objects.latest("pk")
    assert (act.verb, act.facts["text"]) == (
        "restore.confirm",
        "机房失火，旧机器上的公开栏已经看不到",
    )
    keeper.run_once()
    record = PublicRecord.objects.get(kind="restore")
    assert (record.seq, act.facts["size"]) == (station.size, station.size)
    assert "没有等着确认的恢复" in refused(confirm("--reason", "再来一次"))


def test_a_witness_vouches_only_for_what_it_saw_after_the_backup(station, elsewhere, tmp_path):
    neighbour = Neighbour(tmp_path / "neighbour")
    note, key = (station.home.log / "checkpoint").read_text(), neighbour.cosigner.witness
    neighbour.cosigns(note)
    with served(neighbour.folder) as url:
        TrustedWitness.objects.create(name=key.name, url=url, vkey=key.vkey)
        station.backup()
        neighbour.cosigns(note, station.newest().at.timestamp() - 60)
        elsewhere.enter()
        done = elsewhere.restore(station)
        assert (done.exit_code, "还不能签日志" in done.output) == (0, True), done.output
        assert f"问了 {url}/log/witness/" in done.output
        assert "请写明理由" in refused(confirm())
        neighbour.cosigns(note, station.newest().at.timestamp() + 60)
        assert confirm().exit_code == 0
    assert Act.objects.latest("pk").facts["text"].startswith(f"已问过 {url}/log/witness/")


def test_what_cannot_be_trusted_is_refused_and_nothing_is_touched(station, elsewhere):
    station.backup()
    elsewhere.enter()
    station.words.write_text("another passphrase")
    assert "口令不对" in refused(elsewhere.restore(station))
    station.words.write_text("一个只有值班员知道的备份口令")
    kept = next(each for each in station.newest().files if each.path.startswith("files/"))
    blob = station.pool.blob(kept.sha256)
    blob.write_bytes(blob.read_bytes()[:-1] + b"?")
    assert f"{kept.path} (damaged)" in refused(elsewhere.restore(station))
    assert not elsewhere.home.path.exists()


def test_tiles_that_the_backup_lost_are_made_again_from_the_database(station, elsewhere, public):
    where = public()
    station.backup()
    tiles = tree(station.home.log)
    for kept in station.newest().files:
        if kept.path.startswith("board/log/tile/"):
            station.pool.blob(kept.sha256).unlink()
    elsewhere.enter()
    done = elsewhere.restore(station, "--witness", where)
    assert (
        done.exit_code,
        f"改从数据库重做：board/log/tile/0/000.p/{station.size}" in done.output,
    ) == (0, True)
    assert tree(elsewhere.home.log).items() <= tiles.items()
    assert not (elsewhere.home.run / "log-checkpoint").exists()


def test_what_was_erased_does_not_come_back(station, elsewhere, public):
    disclosure, files = station.publish(attach=True)
    data = storage.path(files[0].digest).read_bytes()
    asked, confirmed = station.officer("党委书记"), station.officer("纪委书记")
    erasure = publish.ask_erasure(disclosure=disclosure, officer=asked, reason="法院裁定")
    publish.confirm_erasure(erasure=erasure, officer=confirmed)
    keeper.run_once()
    where = public()
    storage.path(files[0].digest).write_bytes(data)  # as a folder copied by hand would have it
    station.backup()
    elsewhere.enter()
    assert elsewhere.restore(station, "--witness", where).exit_code == 0
    assert not storage.path(files[0].digest).exists()
    page = (elsewhere.home.board / "i" / f"{disclosure.address}.html").read_text()
    assert "<!--sealed-->" not in page


def test_a_missing_attachment_is_told_and_needs_a_reason(station, elsewhere, public):
    where = public()
    lost = next(station.home.files.glob("??/??/*"))
    lost.unlink()
    station.backup()
    elsewhere.enter()
    done = elsewhere.restore(station, "--witness", where)
    assert f"附件缺了：{lost.name}" in done.output
    assert "请写明理由" in refused(confirm("--witness", where))


def dying(elsewhere, station, step: int) -> None:
    """A restore that dies at its ``step``-th rename."""
    left = [step]
    rename = Path.rename

    def perhaps(old, new):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return rename(old, new)

    Path.rename = perhaps
    elsewhere.restore(station)


def test_killed_at_any_moment_a_restore_is_repeated_with_the_same_command(station, elsewhere):
    station.backup()
    elsewhere.enter()
    for step in (1, 3, 1, 4, 2, 6):  # while it is built, and while it is moved up
        connections.close_all()
        child = os.fork()
        if not child:
            try:
                own_connections()
                dying(elsewhere, station, step)
            finally:
                os._exit(0)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        with pytest.raises(Unusable, match="恢复后还没有确认"):
            run.check_restored(elsewhere.home)
    assert elsewhere.restore(station).exit_code == 0
    assert tree(elsewhere.home.files) == tree(station.home.files)
    assert laying.COMPLETE not in {each.name for each in elsewhere.home.path.iterdir()}


def test_only_a_checkpoint_of_our_key_counts(tmp_path):
    ours, theirs = Signer.generate("a.invalid/log"), Signer.generate("a.invalid/log")
    text = "a.invalid/log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    (tmp_path / "1").write_text(ours.sign(text))
    (tmp_path / "2").write_text(theirs.sign(text.replace("7", "9", 1)))
    (tmp_path / "3").write_bytes(b"\xff\xfe")
    seen = outside.ask([str(tmp_path), str(tmp_path / "none")], ours.verifier)
    assert [each.checkpoint.size if each.checkpoint else None for each in seen] == [
        7,
        None,
        None,
        None,
    ]
    assert outside.newest(seen).where == str(tmp_path / "1")
    assert [each.live for each in seen] == [False] * 4
    assert outside.missing(seen[0], 5) == ["5", "6"]


def test_a_witness_is_believed_by_its_own_key_and_ours(tmp_path):
    neighbour, at = Neighbour(tmp_path), datetime.now(UTC)
    signer = Signer.generate("ours.test/log")
    note = signer.sign(Checkpoint("ours.test/log", 3, bytes(32)).text())
    with served(tmp_path) as url:

        def ask(vkey=neighbour.cosigner.witness.vkey, verifier=signer.verifier):
            return outside.ask_witnesses([(url, vkey)], at, verifier)[0]

        assert ask().trouble == "HTTP 404"
        neighbour.cosigns(note, at.timestamp() + 1)
        assert (ask().checkpoint.size, ask().live) == (3, True)
        # What our key signed was once seen, whoever shows it; that it is new, only a witness says.
        other = ask(Cosigner.generate(neighbour.cosigner.witness.name).witness.vkey)
        assert (other.checkpoint.size, other.live) == (3, False)
        assert ask(verifier=Signer.generate("ours.test/log").verifier).trouble == outside.NOT_OURS


def test_a_backup_of_the_other_kind_of_database_is_refused(station, elsewhere, monkeypatch):
    station.backup()
    elsewhere.enter()
    other = "" if connection.vendor == "postgresql" else "postgresql://nobody@localhost/none"
    monkeypatch.setenv("DATABASE_URL", other)
    assert "DATABASE_URL" in refused(elsewhere.restore(station))


def test_encrypted_keys_stay_wrapped_in_a_backup_and_need_their_own_passphrase(
    station, elsewhere, public, monkeypatch
):
    plain = {file.name: file.read_text() for file in station.home.keys.glob("*.key")}
    wrapping.seal(station.home.keys, "the passphrase of the keys")
    where = public()
    station.backup()
    secrets = sealing.unseal(
        station.newest().sealed, station.words.read_text().strip(), station.newest().covered()
    )
    told = b"".join(secrets.values()).decode()
    assert [name for name, secret in plain.items() if secret in told] == ["django.key"]
    elsewhere.enter()
    monkeypatch.setattr(wrapping, "_opened", {})
    monkeypatch.setenv("KEYS_PASSPHRASE", "another passphrase")
    assert "密钥口令不对" in refused(elsewhere.restore(station, "--witness", where))
    assert not elsewhere.home.path.exists()
    monkeypatch.delenv("KEYS_PASSPHRASE")
    done = elsewhere.restore(station, "--witness", where)
    assert (done.exit_code, "启动时要有密钥口令" in done.output) == (0, True), done.output
    monkeypatch.setenv("KEYS_PASSPHRASE", "the passphrase of the keys")
    assert elsewhere.home.secret("log.key") == plain["log.key"]


def test_a_backup_of_a_newer_version_is_refused_and_nothing_is_touched(station, elsewhere):
    station.backup()
    file = station.pool.manifests()[0]
    manifest = station.newest()
    newer = [*manifest.facts["migrations"], "ledger.9999_tables_of_tomorrow"]
    facts = {**manifest.facts, "migrations": newer, "version": "9.9.0 0123456789abcdef"}
    file.write_bytes(dataclasses.replace(manifest, facts=facts).encoded())
    elsewhere.enter()
    told = refused(elsewhere.restore(station))
    assert "更新的版本（9.9.0）做的" in told
    assert "ledger.9999_tables_of_tomorrow" in told
    assert not elsewhere.home.path.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="only PostgreSQL loads a dump")
@pytest.mark.parametrize("after", [0.05, None])
def test_killed_while_the_dump_is_loaded_a_restore_is_repeated(station, elsewhere, after):
    station.backup()
    elsewhere.enter()
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            own_connections()
            run_program = subprocess.run

            def killed(command, **options):
                if command[0] == "pg_restore":
                    if after is None:  # loaded to its end, and not yet noted
                        run_program(command, **options)
                    else:
                        options.pop("check")
                        subprocess.Popen(command, **options)
                        time.sleep(after)
                    os.kill(os.getpid(), signal.SIGKILL)
                return run_program(command, **options)

            subprocess.run = killed
            elsewhere.restore(station)
        finally:
            os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert (elsewhere.home.path / laying.DUMP).exists()
    with pytest.raises(Unusable, match="恢复后还没有确认"):
        run.check_restored(elsewhere.home)
    assert elsewhere.restore(station).exit_code == 0
    assert PublicRecord.objects.count() == station.size
    assert not (elsewhere.home.path / laying.DUMP).exists()
