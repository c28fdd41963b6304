"""The web application: the board answers by itself, the office behind it may sleep or fall.

    request ──► Router ──┬─ /healthz            alive, no database asked
                         ├─ /search/ ──► Turns ─┐
                         ├─ reserved prefixes ──┴─► Office (Django), loaded in the background
                         ├─ /screen/….json ───────► Screens (files): a thousand displays that ask
                         └─ everything else ──────► Board (files), no Django, no database

The office may use only some of the server's threads, so that a hanging database cannot keep
readers from the board. A village that searches takes no seat from the desk: it waits its turn.
"""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from gongkai.config import doorplate
from gongkai.config.env import Home, Unusable
from gongkai.config.serving import Board
from gongkai.foundation.core.process import die_with

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

# The names that /healthz, /readyz and the desk's prefixes take from the board's space.
SEARCH, SCREEN = "search", "screen"
RESERVED = frozenset(
    (SEARCH, "say", "follow", "members", "desk", "api", SCREEN, "accounts", "readyz")
)
SCREEN_FILES = (".json", ".webp")
"""What displays ask for again and again is files, sent without the office."""
THREADS = 64  # made when they are needed; six always belong to the board
SEATS, QUEUE = 4, 2
PATIENCE = 20.0
HANDS, TURNS = 2, 52
"""Searches at once, and with those that wait: short work of the processors, for fifty readers."""
MOMENT = 10.0
"""Seconds until somebody who searches is told that it cannot be done."""


class Office:
    """Django, loaded in a thread of its own while the board already answers."""

    def __init__(self, load: "Callable[[], WSGIApplication]") -> None:
        self.seats = threading.BoundedSemaphore(SEATS)
        self.queue = threading.BoundedSemaphore(SEATS + QUEUE)
        self.loaded = threading.Event()
        self.application: WSGIApplication | None = None
        self._load = load
        threading.Thread(target=self._open, name="office", daemon=True).start()

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """The office's answer, or a page that says how else to reach the people."""
        if not self.queue.acquire(blocking=False):
            return doorplate.closed(start)
        try:
            if not (self.loaded.wait(PATIENCE) and self.seats.acquire(timeout=PATIENCE)):
                return doorplate.closed(start)
            try:
                # What follows the call is only sending; the database was asked inside it.
                return (
                    self.application(environ, start)
                    if self.application
                    else doorplate.closed(start)
                )
            finally:
                self.seats.release()
        finally:
            self.queue.release()

    @property
    def state(self) -> str:
        """``loading``, ``open`` or ``failed``."""
        if not self.loaded.is_set():
            return "loading"
        return "open" if self.application else "failed"

    def _open(self) -> None:
        try:
            self.application = self._load()
        except Unusable as error:
            log.error("The office could not be opened: %s", error)
        except Exception:
            log.exception("The office could not be opened.")
        finally:
            self.loaded.set()


class Turns:
    """Searches, one after the other in a few threads (轮候).

    Whoever waits holds one of the server's threads and nothing else: no seat, and no connection to
    the database.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._places = threading.BoundedSemaphore(TURNS)
        self._hands = ThreadPoolExecutor(HANDS, "search")

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """The office's answer, or the page that says how else to reach the people."""
        english = environ["PATH_INFO"].startswith(f"/{SEARCH}/{doorplate.ENGLISH}/")
        root = doorplate.ENGLISH if english else ""
        if not self._places.acquire(blocking=False):
            return doorplate.closed(start, root)
        asked = self._hands.submit(self._whole, environ)
        try:
            status, headers, body = asked.result(MOMENT)
        except TimeoutError:
            asked.cancel()
            return doorplate.closed(start, root)
        finally:
            self._places.release()
        start(status, headers)
        return [body]

    def _whole(self, environ: "WSGIEnvironment") -> tuple[str, list[tuple[str, str]], bytes]:
        """The whole answer; closed in the thread that made it, whose connection it gives back."""
        if not (self._office.loaded.wait(PATIENCE) and self._office.application):
            return _told(doorplate.closed)
        application = self._office.application
        return _told(lambda start: application(environ, start))


def _told(
    answer: "Callable[[StartResponse], Iterable[bytes]]",
) -> tuple[str, list[tuple[str, str]], bytes]:
    """What an application says, as values."""
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
        told.append((status, headers))

    parts = answer(start)
    try:
        body = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    return (*told[-1], body)


class Router:
    """Sends each request to board or office by the first part of its address."""

    def __init__(self, board: Board, office: Office, screens: Board | None = None) -> None:
        self.board, self.office, self.turns = board, office, Turns(office)
        self.screens = screens or board

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """The answer of the one that is concerned."""
        first = environ["PATH_INFO"].lstrip("/").partition("/")[0]
        if first == "healthz":
            return alive(start, self.office.state)
        if first == SEARCH:
            return self.turns(environ, start)
        if first == SCREEN and environ["PATH_INFO"].endswith(SCREEN_FILES):
            return self.screens(environ, start)
        if first in RESERVED:
            return self.office(environ, start)
        return self.board(environ, start)


def alive(start: "StartResponse", office: str) -> Iterable[bytes]:
    """The web process answers; what the office does is told beside it."""
    body = json.dumps({"web": True, "office": office}).encode()
    headers = {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
    }
    start("200 OK", list(headers.items()))
    return [body]


def django() -> "WSGIApplication":
    """The office itself, with its routes loaded, so that the first visitor need not wait."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    application = get_wsgi_application()
    get_resolver().check()
    return application


def build() -> Router:
    """Board and office of the home folder that the surroundings name. The server calls this."""
    die_with(os.getppid())  # the server's worker must not outlive the server
    home = Home()
    public = home.setting("PUBLIC_URL", "public_url", "")
    board_url = home.setting("BOARD_URL", "board_url", public)
    office_url = home.setting("OFFICE_URL", "office_url", public)
    board = Board(
        home.board,
        office=office_url if office_url != board_url else "",
        secure=board_url.startswith("https://"),
    )
    return Router(board, Office(django), Board(home.screens))
