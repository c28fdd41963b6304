"""An installation that has published, a place for its backups, and a passphrase."""

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection, connections
from tests import cast
from tests.procedure.editions import PUBLIC, disclosure_of, opened, planned, sealed, stored
from tests.surfaces.board.remembered import RememberedHome

from gongkai.config import keeper, upgrade
from gongkai.config.backups import sealing
from gongkai.config.backups.commands import backup
from gongkai.config.backups.pool import Pool
from gongkai.config.backups.restoring import restore
from gongkai.config.env import Home
from gongkai.config.keys import make_keys
from gongkai.foundation.ledger import jobs
from gongkai.foundation.ledger.queries import head

WORDS = "一个只有值班员知道的备份口令"

needs_pg_dump = pytest.mark.skipif(
    connection.vendor == "postgresql" and not shutil.which("pg_dump"),
    reason="PostgreSQL's own pg_dump and pg_restore are not installed",
)


class Station:
    """An installation in ``home``, backed up to ``dest``; its log began with ``size`` entries."""

    def __init__(self, home, dest: Path, words: Path) -> None:
        self.home, self.dest, self.words = home, dest, words
        self.pool = Pool(dest)
        self.township = cast.township()
        self.count = self.size = 0

    def publish(self, *, attach: bool = False):
        """One more item, for everybody at once, on the board."""
        self.count += 1
        files = [stored(self.home, b"%%PDF-1.7 %d" % self.count)] if attach else []
        disclosure = disclosure_of(self.township, title=f"第{self.count}件决定")
        edition = sealed(disclosure, plan=planned(PUBLIC), files=files)
        opened(edition)
        keeper.run_once()
        return disclosure, files

    def officer(self, post: str):
        """Who holds the post."""
        return cast.officer_named(self.township, post)

    def backup(self, *options: str) -> Any:
        """``gongkai backup``, as from the command line."""
        given = [str(self.dest), "--passphrase-file", str(self.words), *options]
        return CliRunner().invoke(backup, given)

    def newest(self):
        """The newest backup's list."""
        return self.pool.read(self.pool.manifests()[-1])


@pytest.fixture
def station(home, settings, tmp_path, transactional_db, monkeypatch) -> Station:
    """The township with its charter and one item with an attachment on the board."""
    monkeypatch.setattr(sealing, "COST", 2**4)
    monkeypatch.setattr(jobs, "GATHERED", timedelta(0))  # each act is in the office log at once
    make_keys(home, settings.LOG_ORIGIN)
    settings.BOARD_URL = "http://127.0.0.1:1"
    home.settings_file.write_text('board_url = "http://127.0.0.1:1"\n')
    words = tmp_path / "words"
    words.write_text(WORDS + "\n")
    station = Station(home, tmp_path / "backups", words)
    station.count = begun(home, station)
    station.size = head().exposed_size
    return station


@RememberedHome
def begun(_home, station: Station) -> int:
    """The first item, and the rows of the catalogue, which follow the charter."""
    station.publish(attach=True)
    keeper.run_once()
    return station.count


class Elsewhere:
    """Another machine: an empty folder and, on PostgreSQL, an empty database of its own."""

    def __init__(self, path: Path) -> None:
        self.home = Home(path)

    def restore(self, station: Station, *options: str) -> Any:
        """``gongkai restore`` of the station's backups, as from the command line."""
        given = [str(station.dest), "--passphrase-file", str(station.words), *options]
        return CliRunner().invoke(restore, given)


@pytest.fixture
def elsewhere(station, settings, tmp_path, monkeypatch) -> Iterator[Elsewhere]:
    """That other machine, in force as soon as ``enter`` is called on it."""
    there = Elsewhere(tmp_path / "elsewhere")
    monkeypatch.setattr(upgrade, "COMPRESSED", set())  # the assets' twins have tests of their own
    before = connection.settings_dict["NAME"]

    def enter() -> None:
        connections.close_all()
        monkeypatch.setenv("GONGKAI_HOME", str(there.home.path))
        settings.HOME = Home(there.home.path)
        settings.STATIC_ROOT = settings.HOME.assets
        connection.settings_dict["NAME"] = database
        monkeypatch.setenv("DATABASE_URL", address)

    there.enter = enter
    server = os.environ.get("TEST_DATABASE_URL", "")
    database, address = there.home.database, ""
    if server:
        database = f"gongkai_restore_{os.getpid()}"
        address = urlunsplit(urlsplit(server)._replace(path=f"/{database}"))
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {database} TEMPLATE template0")
    yield there
    connections.close_all()
    connection.settings_dict["NAME"] = before
    if server:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture
def public(station, tmp_path) -> Iterator[str]:
    """``public()``: what the public sees from now on; returns the checkpoint's address."""
    folder = tmp_path / "public"

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(folder))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def show() -> str:
            shutil.copytree(station.home.board, folder, dirs_exist_ok=True)
            return f"http://127.0.0.1:{server.server_port}/log/checkpoint"

        yield show
        server.shutdown()
