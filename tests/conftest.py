"""The world in which every test runs: a data folder of its own, a real database, real files.

The folder and the keys stand before Django reads its settings, so this file sets Django up
itself. ``TEST_DATABASE_URL`` names a PostgreSQL server; without it the suite runs on SQLite.
"""

import gc
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from tests import order, scratch

scratch.in_memory()
SESSION_HOME = tempfile.TemporaryDirectory(prefix="gongkai-tests-")

os.environ.update(
    GONGKAI_HOME=SESSION_HOME.name,
    SECRET_KEY="only for the tests of this one session",
    LOG_ORIGIN="test.invalid/log",
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", ""),
    DJANGO_SETTINGS_MODULE="gongkai.config.settings",
    LOG_LEVEL="WARNING",
)
for name in ("PUBLIC_URL", "BOARD_URL", "OFFICE_URL", "MAIL_URL", "TIME_ZONE"):
    os.environ.pop(name, None)

import django  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import TransactionTestCase, override_settings  # noqa: E402
from django.utils import translation  # noqa: E402
from tools.chromium import CHROMIUM, chromium  # noqa: E402

from gongkai.config.env import Home  # noqa: E402
from gongkai.config.serving import Board  # noqa: E402
from gongkai.config.wsgi import Office, Router  # noqa: E402

if not os.environ["DATABASE_URL"]:
    # A file, as in production: an SQLite in memory locks in another way.
    own = {"NAME": f"{SESSION_HOME.name}/test.sqlite3", "MIGRATE": True, "MIRROR": None}
    django_settings.DATABASES["default"]["TEST"] = own
django_settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
django_settings.PASSWORD_HASHERS = ["tests.hashing.Quick"]
django.setup()

from tests import emptying  # noqa: E402

TransactionTestCase._fixture_teardown = emptying.empty

pytest_plugins = ("tests.cast",)


def pytest_configure() -> None:
    """Choose the crash harness's seed once; the processes that share the work inherit it."""
    os.environ.setdefault("CRASH_SEED", str(random.SystemRandom().randrange(10**6)))


def pytest_report_header() -> list[str]:
    """Say which database the suite runs on, and how to repeat its kills."""
    engine = django_settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    return [f"database: {engine}", f"CRASH_SEED={os.environ['CRASH_SEED']}"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what PostgreSQL cannot change; skip the browser's tests where there is none; begin
    what is long before others of its kind.

    That is whatever asks for no database: pytest-django lets it open none, and the programs that
    it starts keep to SQLite or to nothing, as they do on the first run. And what looks at pages: a
    browser shows them the same whichever database their words came from. The journeys, which start
    processes on the database under test, are repeated, but for what is marked.
    """
    if os.environ["DATABASE_URL"]:
        once = {item for item in items if order.once(item)}
        config.hook.pytest_deselected(items=[item for item in items if item in once])
        items[:] = [item for item in items if item not in once]
    order.begin_with_what_is_long(items)
    if CHROMIUM.exists():
        return
    missing = pytest.mark.skip(reason=f"{CHROMIUM} is not installed")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(missing)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among what stays: modules, tests, Django's models.

    A page makes some ten thousand objects, most of which go with their last name. Python looked
    through all of them every seven hundred, for a twelfth of the suite's processor time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin no test just before midnight."""
    time.sleep(order.until_midnight(item, datetime.now(UTC)).total_seconds())


@pytest.fixture(autouse=True)
def _source_language() -> Iterator[None]:
    """Each test begins in Chinese: a request in English would stay in force for the next test."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture
def still(time_machine) -> Callable[[], None]:
    """``still()``: the clock stops where it is, so that no window in which things are counted ends
    in the middle of a test.
    """
    return lambda: time_machine.move_to(datetime.now(UTC), tick=False)


@pytest.fixture
def home(tmp_path: Path, settings) -> Home:
    """An empty data folder, in force for one test."""
    home = Home(tmp_path / "home")
    home.lay_out()
    home.log.mkdir()
    settings.HOME = home
    settings.STATIC_ROOT = home.assets
    settings.MEDIA_ROOT = home.path / "incoming"
    settings.EMAIL_FILE_PATH = home.path / "outbox"
    return home


@pytest.fixture(scope="session")
def assets(tmp_path_factory) -> Path:
    """Every style sheet and script, collected once."""
    folder = tmp_path_factory.mktemp("assets")
    with override_settings(STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


@pytest.fixture
def site(home: Home, assets: Path, transactional_db) -> Iterator[str]:
    """The address of board and office of ``home``, served as in production but in this process.

    What the test commits, the office sees; the board shows what a keeper's pass has rendered.
    """
    shutil.copytree(assets, home.assets, dirs_exist_ok=True)
    router = Router(Board(home.board), Office(get_wsgi_application), Board(home.screens))
    with make_server("127.0.0.1", 0, router, ManyAtOnce, Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class ManyAtOnce(ThreadingMixIn, WSGIServer):
    """A thread for each request, as the real server has several; closed with the test."""

    daemon_threads = False
    request_queue_size = 64

    def finish_request(self, request, client_address) -> None:
        """Answer, then give this thread's database connection back."""
        try:
            super().finish_request(request, client_address)
        finally:
            connections.close_all()


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """One browser for all tests of a process."""
    # Playwright's loop runs in this thread; Django would take our own queries for asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser) -> Iterator:
    """A fresh page in a fresh profile, as a new reader has it."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()
