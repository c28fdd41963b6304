"""The web application: the board answers by itself, the office behind it may sleep or fall.

    request ──► Router ──┬─ /healthz            alive, no database asked
                         ├─ reserved prefixes ─► Office (Django), loaded in the background
                         └─ everything else ───► Board (files), no Django, no database

The office may use only some of the server's threads, so that a hanging database cannot keep
readers from the board.
"""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from gongkai.config import doorplate
from gongkai.config.env import Home, Unusable
from gongkai.config.serving import Board
from gongkai.foundation.core.process import die_with

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

# The names that /healthz, /readyz and the desk's prefixes take from the board's space.
RESERVED = frozenset(
    ("search", "say", "follow", "members", "desk", "api", "screen", "accounts", "readyz")
)
THREADS = 8
SEATS, QUEUE = 4, 2  # two threads always belong to the board
PATIENCE = 20.0


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


class Router:
    """Sends each request to board or office by the first part of its address."""

    def __init__(self, board: Board, office: Office) -> None:
        self.board, self.office = board, office

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """The answer of the one that is concerned."""
        first = environ["PATH_INFO"].lstrip("/").partition("/")[0]
        if first == "healthz":
            return alive(start, self.office.state)
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
    return Router(board, Office(django))
