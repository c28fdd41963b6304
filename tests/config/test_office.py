"""The office behind its own seats: what readers see while it loads, hangs or lost its database."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest

from gongkai.config import doorplate, wsgi
from gongkai.config.serving import Board
from gongkai.config.wsgi import (
    AWAY,
    CLERKS,
    HANDS,
    LARGEST,
    LINE,
    QUEUE,
    RESERVED,
    SEATS,
    THREADS,
    TURNS,
    WRITING,
    Office,
    Router,
)


class Asked(threading.Thread):
    """One request, asked in a thread of its own as the server does."""

    def __init__(self, application, path: str, form: bytes | None = None, **more: str) -> None:
        super().__init__(daemon=True)
        self.application, self.path, self.form, self.more = application, path, form, more
        self.status, self.headers, self.page = 0, {}, ""
        self.start()

    def run(self) -> None:
        def start(status: str, headers: list[tuple[str, str]]) -> None:
            self.status, self.headers = int(status.split()[0]), dict(headers)

        environ = {"PATH_INFO": self.path, "REQUEST_METHOD": "GET", **self.more}
        if self.form is not None:
            environ |= {
                "REQUEST_METHOD": "POST",
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(self.form)),
                "wsgi.input": BytesIO(self.form),
            }
        self.page = b"".join(self.application(environ, start)).decode()


class Hanging:
    """An office whose database does not answer until it is let go."""

    def __init__(self) -> None:
        self.go, self.inside, self.closed = threading.Event(), 0, []

    def __call__(self, environ, start) -> Iterable[bytes]:
        self.inside += 1
        self.go.wait(20)
        start("200 OK", [])
        return Parts(self)


class Parts(list):
    """What is to be closed when it was sent, as Django's answers are."""

    def __init__(self, office: "Hanging") -> None:
        super().__init__([b"done"])
        self.office = office

    def close(self) -> None:
        self.office.closed.append(self)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    office = Hanging()
    yield office
    office.go.set()


def test_a_hanging_office_leaves_threads_for_the_board(tmp_path, hanging):
    (tmp_path / "index.html").write_text("the board")
    router = Router(Board(tmp_path), Office(lambda: hanging))
    waiting = [Asked(router, "/desk/") for _ in range(SEATS + QUEUE)]
    wait_for(lambda: hanging.inside == SEATS and free(router.office.queue) == 0)
    refused, reader = Asked(router, "/desk/"), Asked(router, "/")
    refused.join(10)
    reader.join(10)
    assert (refused.status, reader.status) == (503, 200)
    hanging.go.set()
    for request in waiting:
        request.join(10)
    assert {request.status for request in waiting} == {200}
    assert SEATS + QUEUE + TURNS + LINE + WRITING + 2 * AWAY < THREADS - 5


def test_fifty_readers_search_in_turn_and_take_no_seat_from_the_desk(tmp_path, hanging):
    (tmp_path / "index.html").write_text("the board")
    router = Router(Board(tmp_path), Office(lambda: hanging))
    searching = [Asked(router, "/search/") for _ in range(TURNS)]
    wait_for(lambda: hanging.inside == HANDS and free(router.searches._places) == 0)
    one_too_many, reader = Asked(router, "/search/en/"), Asked(router, "/")
    desk = [Asked(router, "/desk/") for _ in range(SEATS + QUEUE)]
    one_too_many.join(10)
    reader.join(10)
    wait_for(lambda: hanging.inside == HANDS + SEATS and free(router.office.queue) == 0)
    assert (one_too_many.status, reader.status) == (503, 200)
    assert {request.status for request in desk} == {0}  # let in, before an office that hangs
    hanging.go.set()
    for request in (*searching, *desk):
        request.join(10)
    assert {request.status for request in (*searching, *desk)} == {200}
    assert len(hanging.closed) == TURNS


def test_who_searches_before_a_hanging_office_is_told_soon(tmp_path, hanging, monkeypatch):
    monkeypatch.setattr(wsgi, "MOMENT", 0.1)
    router = Router(Board(tmp_path), Office(lambda: hanging))
    for _again in range(2):
        searching = [Asked(router, "/search/") for _ in range(HANDS + 1)]
        for request in searching:
            request.join(10)
        assert {request.status for request in searching} == {503}
    assert hanging.inside == HANDS


VOICE = urlencode({"say": "水渠<几时>修？", "show": 'yes"', "tel": ""}).encode()


def test_a_crowd_that_speaks_waits_in_its_own_line_and_the_rest_keep_their_words(
    tmp_path, hanging, monkeypatch
):
    monkeypatch.setenv("GONGKAI_HOME", str(tmp_path))
    (tmp_path / "index.html").write_text("the board")
    router = Router(Board(tmp_path), Office(lambda: hanging))
    speaking = [Asked(router, "/say/", VOICE) for _ in range(LINE)]
    wait_for(lambda: hanging.inside == CLERKS and waiting_in(router) == LINE - CLERKS)
    one_too_many, reader = Asked(router, "//say/", VOICE), Asked(router, "/")
    desk = [Asked(router, "/desk/") for _ in range(SEATS)]
    one_too_many.join(10)
    reader.join(10)
    wait_for(lambda: hanging.inside == CLERKS + SEATS)
    assert (one_too_many.status, reader.status) == (503, 200)
    assert one_too_many.headers["Retry-After"] == "15"
    assert 'action="/say/"' in one_too_many.page
    assert "\n水渠&lt;几时&gt;修？</textarea>" in one_too_many.page
    assert 'name="show" value="yes&quot;"' in one_too_many.page
    foreign = Asked(router, "/say/", VOICE, HTTP_SEC_FETCH_SITE="cross-site")
    foreign.join(10)
    assert (foreign.status, "水渠" in foreign.page) == (503, False)
    hanging.go.set()
    for request in (*speaking, *desk):
        request.join(10)
    assert {request.status for request in (*speaking, *desk)} == {200}


def test_who_speaks_before_a_hanging_office_gets_the_words_back_in_time(
    tmp_path, hanging, monkeypatch
):
    monkeypatch.setenv("GONGKAI_HOME", str(tmp_path))
    monkeypatch.setattr(wsgi, "STANDING", 0.1)
    (tmp_path / "board").mkdir()
    frame = '<h1>牌子</h1><main id="main" class="wrap">关着</main><footer>'
    (tmp_path / "board" / "closed.html").write_text(frame)
    router = Router(Board(tmp_path), Office(lambda: hanging))
    late = Asked(router, "/say/", VOICE)
    late.join(10)
    assert (late.status, "水渠" in late.page) == (503, True)
    assert late.page.startswith('<h1>牌子</h1><main id="main" class="wrap"><h1>还没有收下')
    assert late.page.endswith("</form>\n</main><footer>")
    assert "关着" not in late.page
    nonsense = Asked(router, "/say/", b"&".join([b"a=1"] * 50))
    nonsense.join(10)
    assert (nonsense.status, "关着" in nonsense.page) == (503, True)


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({}, True),
        ({"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8"}, True),
        ({"CONTENT_LENGTH": str(LARGEST + 1)}, False),
        ({"CONTENT_LENGTH": "-1"}, False),
        ({"CONTENT_LENGTH": "１"}, False),
        ({"CONTENT_LENGTH": "9" * 5000}, False),
        ({"CONTENT_LENGTH": ""}, False),
        ({"CONTENT_TYPE": "multipart/form-data; boundary=x"}, False),
        ({"REQUEST_METHOD": "GET"}, False),
    ],
)
def test_only_a_short_form_without_files_waits_in_line(changes, waits):
    form = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(LARGEST),
    }
    assert wsgi.Hall.takes(form | changes) == waits


def free(places: threading.BoundedSemaphore) -> int:
    """How many places nobody holds."""
    return places._value


def waiting_in(router: Router) -> int:
    """How many voices wait for a hand."""
    return router.hall._turns._hands._work_queue.qsize()


def wait_for(true) -> None:
    """Until it is so, for ten seconds at most."""
    until = time.monotonic() + 10
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_board_answers_while_the_office_loads(tmp_path):
    loaded = threading.Event()
    (tmp_path / "index.html").write_text("the board")

    def load():
        loaded.wait(20)
        return lambda environ, start: start("200 OK", []) or [b""]

    router = Router(Board(tmp_path), Office(load))
    reader, officer = Asked(router, "/"), Asked(router, "/desk/")
    reader.join(10)
    assert (reader.status, officer.status, router.office.state) == (200, 0, "loading")
    loaded.set()
    officer.join(10)
    assert (officer.status, router.office.state) == (200, "open")


def test_an_office_that_takes_too_long_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(wsgi, "PATIENCE", 0.1)
    never = threading.Event()
    officer = Asked(Router(Board(tmp_path), Office(never.wait)), "/desk/")
    officer.join(10)
    never.set()
    assert officer.status == 503


@pytest.mark.parametrize("first", sorted(RESERVED))
def test_reserved_addresses_never_reach_the_folder(tmp_path, first):
    (tmp_path / first).mkdir()
    (tmp_path / first / "index.html").write_text("from the folder")
    (tmp_path / f"{first}.html").write_text("from the folder")
    router = Router(
        Board(tmp_path), Office(lambda: lambda environ, start: start("204 No", []) or [])
    )
    for path in (f"/{first}", f"/{first}/", f"/{first}/index.html", f"//{first}/"):
        request = Asked(router, path)
        request.join(10)
        assert (path, request.status) == (path, 204)


@pytest.fixture
def without_database(tmp_path) -> Iterator[int]:
    """A real server whose PostgreSQL is not there."""
    board = tmp_path / "board"
    board.mkdir()
    (board / "index.html").write_text("the board")
    (board / "contact.json").write_text('{"telephone": "0000-1234567"}')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    nowhere = "postgresql://gongkai@127.0.0.1:1/gongkai"
    server = subprocess.Popen(
        [sys.executable, "-m", "gongkai.config.web", "127.0.0.1", str(port)],
        env={**os.environ, "GONGKAI_HOME": str(tmp_path), "DATABASE_URL": nowhere},
        stderr=(tmp_path / "log").open("w"),
    )
    for _ in range(200):
        if not socket.socket().connect_ex(("127.0.0.1", port)):
            break
        time.sleep(0.05)
    yield port
    server.terminate()
    server.wait(10)


def page(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return response.status, response.read().decode()


def test_without_a_database_the_board_stands_and_the_office_gives_its_telephone(
    without_database, tmp_path: Path
):
    assert page(without_database, "/") == (200, "the board")
    status, words = page(without_database, "/desk/admin/", Cookie=f"gongkai_session={'a' * 32}")
    assert (status, "0000-1234567" in words) == (503, True)
    for path in ("/search/?q=1", "/search/en/?q=1&part=1"):
        status, words = page(without_database, path)
        assert (status, "0000-1234567" in words) == (503, True)
    status, state = page(without_database, "/readyz")
    assert (status, '"database": false' in state) == (503, True)
    assert page(without_database, "/healthz") == (200, '{"web": true, "office": "open"}')


def test_the_door_speaks_the_readers_language(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGKAI_HOME", str(tmp_path))
    (tmp_path / "board" / "en").mkdir(parents=True)
    (tmp_path / "board" / "closed.html").write_text("关着")
    (tmp_path / "board" / "en" / "closed.html").write_text("closed")
    assert [doorplate.page(), doorplate.page("en")] == ["关着", "closed"]
    (tmp_path / "board" / "en" / "closed.html").unlink()
    assert "not reachable" in doorplate.page("en")
