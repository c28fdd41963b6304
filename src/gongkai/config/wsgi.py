"""The web application: the board answers by itself, the office behind it may sleep or fall.

    request ──► Router ──┬─ /healthz            alive, no database asked
                         ├─ /search/ ───► Turns ─┐
                         ├─ a form sent ──► Hall ┤
                         ├─ reserved prefixes ───┴─► Office (Django), loaded in the background
                         ├─ /screen/….json ────────► Screens (files): a thousand displays that ask
                         └─ everything else ───────► Board (files), no Django, no database

The office may use only some of the server's threads, so that a hanging database cannot keep
readers from the board. A village that searches takes no seat from the desk: it waits its turn. So
do those who speak, in a longer line of their own; whoever finds it full keeps their words.
"""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gongkai.config import doorplate
from gongkai.config.env import Home, Unusable, number
from gongkai.config.serving import Board
from gongkai.foundation.core.process import die_with
from gongkai.surfaces.reach.counting import Counter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

# The names that /healthz, /readyz and the desk's prefixes take from the board's space.
SEARCH, SAY, SCREEN = "search", "say", "screen"
RESERVED = frozenset(
    (SEARCH, SAY, "follow", "members", "desk", "api", SCREEN, "accounts", "readyz")
)
SCREEN_FILES = (".json", ".webp")
"""What displays ask for again and again is files, sent without the office."""
ITEMS = frozenset(("i", "en"))
"""How the addresses of items' pages begin."""
THREADS = 344  # made when they are needed; six always belong to the board
SEATS, QUEUE = 4, 2
PATIENCE = 20.0
HANDS, TURNS = 2, 52
"""Searches at once, and with those that wait: short work of the processors, for fifty readers."""
MOMENT = 10.0
"""Seconds until somebody who searches is told that it cannot be done."""
CLERKS, LINE, AWAY = 2, 240, 12
"""Voices that are taken down at once, those that wait or are waited on, and those turned away at
once: each holds a thread, and no more than :data:`LARGEST` bytes."""
ALIKE, WRITING = "alike", 12
"""Those who are told what is like their words while they write: whoever finds no place is not."""
LARGEST = 64 * 1024
"""Bytes of a form that waits in line: the longest voice with its confirmation. A larger one, or
one with a file, takes a seat as before."""
STANDING = 25.0
"""Seconds until somebody who speaks is told to send it again, and gets their words back."""


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


Answerer = Callable[["StartResponse"], Iterable[bytes]]


class Turns:
    """Short work, done one after the other by a few hands while the rest wait (轮候).

    Whoever waits holds one of the server's threads and nothing else: no seat, and no connection to
    the database. At most ``places`` are in hand or wait, none longer than ``moment`` seconds.
    """

    def __init__(self, office: Office, name: str, hands: int, places: int) -> None:
        self._office = office
        self._places = threading.BoundedSemaphore(places)
        self._hands = ThreadPoolExecutor(hands, name)

    def answer(
        self, environ: "WSGIEnvironment", start: "StartResponse", moment: float, closed: Answerer
    ) -> Iterable[bytes]:
        """The office's answer, or what ``closed`` says when there is no place or no time."""
        if not self._places.acquire(blocking=False):
            return closed(start)
        asked = self._hands.submit(self._whole, environ, closed)
        try:
            status, headers, body = asked.result(moment)
        except TimeoutError:
            asked.cancel()
            return closed(start)
        finally:
            self._places.release()
        start(status, headers)
        return [body]

    def _whole(
        self, environ: "WSGIEnvironment", closed: Answerer
    ) -> tuple[str, list[tuple[str, str]], bytes]:
        """The whole answer; closed in the thread that made it, whose connection it gives back."""
        if not (self._office.loaded.wait(PATIENCE) and self._office.application):
            return _told(closed)
        application = self._office.application
        return _told(lambda start: application(environ, start))


class Hall:
    """Short forms in a line of their own, so that a busy minute turns nobody away (等候厅).

    A form is read before it waits: a slow line to the reader keeps none of the hands.
    """

    def __init__(self, office: Office, name: str, hands: int, line: int) -> None:
        self._turns = Turns(office, name, hands, line)
        self._room = threading.BoundedSemaphore(line + AWAY)

    @staticmethod
    def takes(environ: "WSGIEnvironment") -> bool:
        """Whether the request is a short form without files."""
        kind, length = environ.get("CONTENT_TYPE", ""), environ.get("CONTENT_LENGTH", "")
        return (
            environ["REQUEST_METHOD"] == "POST"
            and kind.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded"
            and length.isascii()
            and length.isdecimal()
            and len(length) < 10
            and int(length) <= LARGEST
        )

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """The office's answer, or the page that gives back what was written."""
        if not self._room.acquire(blocking=False):
            return doorplate.closed(start)
        try:
            form = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            waiting = {**environ, "wsgi.input": BytesIO(form)}
            return self._turns.answer(waiting, start, STANDING, _giving_back(environ, form))
        finally:
            self._room.release()


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
    """Sends each request to board or office by the first part of its address.

    ``counter`` hears of each page of an item how the board answered.
    """

    def __init__(
        self,
        board: Board,
        office: Office,
        screens: Board | None = None,
        counter: Counter | None = None,
    ) -> None:
        self.board, self.office = board, office
        self.searches = Turns(office, SEARCH, HANDS, TURNS)
        self.hall = Hall(office, SAY, CLERKS, LINE)
        self.alike = Hall(office, ALIKE, 1, WRITING)
        self.screens = screens or board
        self.counter = counter

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """The answer of the one that is concerned."""
        first = environ["PATH_INFO"].lstrip("/").partition("/")[0]
        if first == "healthz":
            return alive(start, self.office.state)
        if first in (SEARCH, SAY) and environ["REQUEST_METHOD"] == "POST":
            if not Hall.takes(environ):
                return self.office(environ, start)
            return (self.alike if first == SEARCH else self.hall)(environ, start)
        if first == SEARCH:
            return self.searches.answer(environ, start, MOMENT, _closed_in(environ["PATH_INFO"]))
        if first == SCREEN and environ["PATH_INFO"].endswith(SCREEN_FILES):
            return self.screens(environ, start)
        if first in RESERVED:
            return self.office(environ, start)
        if self.counter and first in ITEMS:
            return self.board(environ, _heard(self.counter, environ, start))
        return self.board(environ, start)


def _giving_back(environ: "WSGIEnvironment", form: bytes) -> Answerer:
    """The page for a voice that cannot be taken down now, with its words; another site's words
    must not become a form of ours.
    """
    if environ.get("HTTP_SEC_FETCH_SITE") == "cross-site":
        return doorplate.closed
    return partial(doorplate.later, path=environ["PATH_INFO"], form=form)


def _closed_in(path: str) -> Answerer:
    """The page for a search that cannot be answered, in the language of its address."""
    english = path.startswith(f"/{SEARCH}/{doorplate.ENGLISH}/")
    return partial(doorplate.closed, root=doorplate.ENGLISH if english else "")


def _heard(counter: Counter, environ: "WSGIEnvironment", start: "StartResponse") -> "StartResponse":
    """``start``, which also lets ``counter`` know how the board answers."""

    def told(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        counter.note(environ, int(status[:3]))
        return start(status, headers)

    return told


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
    counts = number("REACH_DAYS", 400) > 0
    counter = Counter(home.reach).start() if counts else None
    return Router(board, Office(django), Board(home.screens), counter)
