"""The keeper: the one background process that turns what was decided into what can be read.

It conducts the steps in the order of ``DESIGN.md`` and owns no knowledge of its own: each step is
a function of the app it belongs to. A pass may be cut off anywhere; the next one completes it.
"""

import logging
import os
import select
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection

from gongkai.config import tick, wrapping
from gongkai.foundation.core.errors import Broken, Conflict
from gongkai.foundation.ledger import jobs as log
from gongkai.foundation.ledger import poke
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.surfaces.board import build
from gongkai.surfaces.board import jobs as board
from gongkai.surfaces.channels import jobs as channels
from gongkai.surfaces.channels.hooks import jobs as hooks
from gongkai.surfaces.channels.screens import jobs as screens
from gongkai.surfaces.search import jobs as search

logger = logging.getLogger(__name__)

SCAN = 1.0
RETRY = 5.0
MINUTE = 60.0
"""Seconds within which what nobody waits for is looked after."""
PORTION = 0.5
"""Seconds of a pass for the upkeep, and for pages that are made anew in the background."""

Watch = Callable[[str], None]
Step = tuple[str, Callable[[Lease], object]]

SEARCH = "search"
STEPS: tuple[Step, ...] = (
    ("tick", lambda _lease: tick.run()),
    ("removals", lambda _lease: board.remove(_forget)),
    ("order", log.order),
    ("tiles", lambda _lease: log.write_tiles()),
    ("sign", log.sign),
    ("expose", log.expose),
    ("pages", lambda _lease: board.follow()),
    (SEARCH, lambda _lease: search.follow()),
    ("followers", lambda _lease: _followers()),
    ("filing", lambda _lease: tick.file()),
    ("office", log.keep_office),
)
ORDER = "order"
FROM_ORDER = frozenset(("tiles", "sign", "expose", "pages", SEARCH, "followers"))
"""What has nothing to do as long as nothing new is ordered and everything earlier was done."""

UPKEEP, BACKGROUND = "upkeep", "rebuild"
"""What comes after the steps, and gives way to other work."""


def run_once(
    lease: Lease | None = None,
    watch: Watch | None = None,
    *,
    calm: bool = False,
    upkeep: deque[tick.Job] | None = None,
    leave_off: Callable[[], bool] | None = None,
) -> bool:
    """One pass over all steps; ``watch`` hears the name of each before it begins.

    ``calm`` says that the pass before did all there was to do, upkeep too, less than a minute ago.
    An idle keeper then asks ten questions a second, not thirty. After the steps comes the upkeep,
    of which ``upkeep`` holds what is still to do (without it, all), then another day and what
    changes every page: each until ``leave_off`` says that other work waits; without it, to the
    end. Says whether something of the last two may be left. Raises ``Broken`` when the log does
    not hold together: nothing further is then written.
    """
    own = lease or _leased()
    hear = watch or (lambda _name: None)
    skipped: set[str] = set()
    try:
        own.renew()
        for name, step in STEPS:
            if name in skipped:
                continue
            hear(name)
            done = step(own)
            if calm and name == ORDER and not done:
                skipped |= FROM_ORDER - ({SEARCH} if search.waiting() else set())
        until = leave_off or partial(_to_the_end, own)
        if not calm:
            hear(UPKEEP)
            tick.upkeep(deque(tick.NOW_AND_THEN) if upkeep is None else upkeep, until)
        another_day = tick.night(until)
        if calm and skipped >= FROM_ORDER and not build.waiting():
            return another_day
        hear(BACKGROUND)
        left = build.advance(until)
        return search.advance(until) or left or another_day
    finally:
        if lease is None:
            own.release()


def _forget(closed: Sequence[PublicRecord]) -> None:
    """Take what was closed off displays and out of the search, before its pages go."""
    screens.forget(closed)
    search.forget(closed)


def _followers() -> None:
    tick.follow()
    channels.wake()
    hooks.wake()


def _to_the_end(lease: Lease) -> bool:
    """Never leave off; but keep the lease meanwhile."""
    lease.renew()
    return False


def main() -> None:
    """Run until told to stop. Exit status 1 when the log is ``Broken``: no repair by guessing."""
    wrapping.require(settings.HOME.keys)
    stop = _Stop()
    lease = Lease()
    ear = _ear()
    while not (stop.asked or _attempt(lease.acquire)):
        time.sleep(SCAN)
    try:
        if not stop.asked:
            log.check_head()
        upkeep: deque[tick.Job] = deque()
        whole, upkeep_due = False, 0.0
        while not stop.asked:
            if not upkeep and time.monotonic() >= upkeep_due:
                upkeep.extend(tick.NOW_AND_THEN)
                upkeep_due = time.monotonic() + MINUTE
            whole, more = _pass_or_wait(lease, ear, upkeep, calm=whole and not upkeep)
            _mark_alive()
            _wait(ear, 0 if more or upkeep else SCAN)
    except Broken as error:
        logger.critical("log broken, keeper stops: %s", error)
        raise SystemExit(1) from error
    finally:
        ear.close()
        with suppress(OperationalError):
            lease.release()


def _pass_or_wait(
    lease: Lease, ear: socket.socket, upkeep: deque[tick.Job], *, calm: bool
) -> tuple[bool, bool]:
    """A pass: whether it came to its end, and whether pages are left to make in the background.

    What may heal by itself (disk full, database away, lease lost) is tried again.
    """
    begun = 0.0

    def watch(_step: str) -> None:
        nonlocal begun
        begun = time.monotonic()
        _mark_alive()

    def leave_off() -> bool:
        return time.monotonic() - begun > PORTION or bool(select.select([ear], [], [], 0)[0])

    try:
        close_old_connections()
        return True, run_once(lease, watch, calm=calm, upkeep=upkeep, leave_off=leave_off)
    except OSError as error:
        logger.error("pass interrupted: %s", error)
        time.sleep(RETRY)
    except OperationalError as error:
        logger.error("database away: %s", error.__class__.__name__)
        connection.close()
        time.sleep(RETRY)
    except Conflict as error:
        logger.warning("not keeper now: %s", error)
        while not _attempt(lease.acquire):
            time.sleep(SCAN)
    return False, False


def _attempt(acquire: Callable[[], bool]) -> bool:
    try:
        return acquire()
    except OperationalError:
        connection.close()
        return False


def _leased() -> Lease:
    lease = Lease()
    while not lease.acquire():
        time.sleep(0.05)
    return lease


class _Stop:
    """Set by SIGTERM or SIGINT; the pass in hand is finished first."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


def _ear() -> socket.socket:
    """Where pokes arrive; without it (a path too long for a socket) the scan alone finds work."""
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.setblocking(False)
    path = poke.socket_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with suppress(OSError):
        ear.bind(str(path))
        path.chmod(0o600)
    return ear


def _wait(ear: socket.socket, seconds: float) -> None:
    """Until a poke comes, or the next scan is due."""
    with suppress(InterruptedError):
        if select.select([ear], [], [], seconds)[0]:
            with suppress(BlockingIOError):
                while ear.recv(16):
                    pass


def _mark_alive() -> None:
    """The keeper's pulse, which ``/readyz`` and ``gongkai doctor`` look at."""
    mark = Path(settings.HOME.run) / "keeper.alive"
    with suppress(OSError):
        mark.write_text(str(os.getpid()), "utf-8")
