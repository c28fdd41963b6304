"""Backup, assets, mark: what an upgrade leaves in the home."""

import gzip
import sqlite3
import subprocess
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner
from django.contrib.auth import get_user_model
from django.db import connection

from gongkai.config import copying, installed, keeper, upgrade
from gongkai.config.env import Unusable
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.translog.note import Signer
from gongkai.procedure.catalogue import workflow as catalogue
from gongkai.procedure.catalogue.charter import sample
from gongkai.surfaces.board import renderer

pytestmark = pytest.mark.django_db(transaction=True)


def accounts_in(backup: Path) -> str:
    """The part of the backup that holds accounts, as text."""
    if backup.suffix == ".dump":
        command = ["pg_restore", "--data-only", "--table=organisations_account", "--file=-", backup]
        return subprocess.check_output(command, text=True)
    with sqlite3.connect(backup) as copy:
        return str(copy.execute("SELECT username FROM organisations_account").fetchall())


def test_a_backup_holds_what_was_committed(home):
    get_user_model().objects.create(username="officer-in-the-backup")
    saved = upgrade.back_up()
    assert saved.parent == home.path / "backups"
    assert saved.suffix == {"sqlite": ".sqlite3", "postgresql": ".dump"}[connection.vendor]
    assert saved.stat().st_mode & 0o077 == 0
    assert "officer-in-the-backup" in accounts_in(saved)


def test_a_copy_that_cannot_be_written_is_one_sentence(home, tmp_path):
    with pytest.raises(Unusable, match=r"没有(复制|做)成"):
        copying.copy_database(tmp_path)  # a folder is in the way


def test_the_last_backups_are_kept(home):
    made = [upgrade.back_up() for _ in range(upgrade.BACKUPS_KEPT + 2)]
    kept = sorted((home.path / "backups").iterdir())
    assert kept == made[-upgrade.BACKUPS_KEPT :]


def test_an_asset_gets_twins_of_the_same_time(tmp_path):
    words = b"body { color: black }\n" * 100
    asset = tmp_path / "base.0123456789ab.css"
    asset.write_bytes(words)
    upgrade.compress(tmp_path)
    brotli_twin, gzip_twin = (asset.with_name(asset.name + suffix) for suffix in (".br", ".gz"))
    assert brotli.decompress(brotli_twin.read_bytes()) == words
    assert gzip.decompress(gzip_twin.read_bytes()) == words
    times = {file.stat().st_mtime_ns for file in (asset, brotli_twin, gzip_twin)}
    assert len(times) == 1


def test_a_twin_is_made_anew_only_when_its_asset_changed(tmp_path):
    asset = tmp_path / "base.css"
    asset.write_text("old words " * 100)
    upgrade.compress(tmp_path)
    twin = tmp_path / "base.css.br"
    first = twin.stat().st_ino
    upgrade.compress(tmp_path)
    assert twin.stat().st_ino == first
    asset.write_text("new words " * 100)
    upgrade.compress(tmp_path)
    assert brotli.decompress(twin.read_bytes()) == b"new words " * 100


def test_a_home_prepared_by_another_version_differs(home):
    assert installed.differs(home)
    installed.write(home)
    assert not installed.differs(home)
    installed.mark(home).write_text("0.0.1 0123456789abcdef\n")
    assert installed.differs(home)


@pytest.fixture
def published(home, settings):
    """A home whose keeper has rendered the township's charter."""
    (home.keys / "log.key").write_text(Signer.generate(settings.LOG_ORIGIN).skey)
    catalogue.apply(source=sample("township"), by=SYSTEM)
    keeper.run_once()
    return home


def test_after_an_upgrade_the_keeper_renders_the_pages_anew(published, monkeypatch):
    page = published.board / "charter.html"
    sound = page.read_bytes()
    page.write_text("rendered by the version before")
    result = CliRunner().invoke(upgrade.upgrade, catch_exceptions=False)
    assert result.exit_code == 0
    assert not installed.differs(published)
    assert page.read_text() == "rendered by the version before"
    monkeypatch.setattr(renderer, "version", lambda: "another")
    keeper.run_once()
    assert page.read_bytes() == sound


def test_an_upgrade_under_a_running_keeper_changes_nothing(home, monkeypatch):
    monkeypatch.setattr(upgrade, "PATIENCE", 0)
    running = Lease()
    assert running.acquire()
    result = CliRunner().invoke(upgrade.upgrade)
    running.release()
    assert isinstance(result.exception, Unusable)
    assert str(result.exception) == "keeper 还在运行。请先停下 gongkai，再升级。"
    assert list((home.path / "backups").iterdir()) == []
    assert installed.differs(home)
