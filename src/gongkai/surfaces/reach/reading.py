"""Reading access logs 读日志: as a stream, from where the last reading ended, in portions."""

import gzip
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.errors import Refused
from gongkai.surfaces.reach import lines, rules, workflow
from gongkai.surfaces.reach.models import ReadLog

PORTION = 8 * 1024 * 1024
"""Bytes after which what was counted is added, and how far the log was read is kept."""
LONGEST = 64 * 1024
"""Bytes of a line; no log that we know has longer ones."""
_GZIP = b"\x1f\x8b"


@dataclass
class Told:
    """What was found in a log (读日志的结果): lines, calls among them, lines of no known form."""

    lines: int = 0
    calls: int = 0
    unknown: int = 0
    totals: Counter[tuple[date, str, str]] = field(default_factory=Counter)


def read(path: Path) -> Told:
    """Add what ``path`` holds beyond what was read before; ``Refused`` where it is no access log.

    A log is known again by its first line, under whatever name, compressed or not. A line that is
    not ended yet waits for the next reading.
    """
    told = Told()
    with _opened(path) as log:
        first = log.readline(LONGEST)
        if not first.endswith(b"\n"):
            return told
        row = workflow.begin_log(_identity(first))
        if row.read == 0 and not _known(first):
            raise Refused([_("%(file)s不是访问日志：第一行看不懂。") % {"file": path.name}])
        _skip(log, row.read - len(first))
        if row.read == 0:
            _count(first, told)
        _go_through(log, row, max(row.read, len(first)), told)
    return told


def _go_through(log: IO[bytes], row: ReadLog, at: int, told: Told) -> None:
    added = row.read
    while (line := log.readline(LONGEST)).endswith(b"\n") or len(line) == LONGEST:
        at += len(line)
        _count(line, told)
        if at - added >= PORTION:
            added = _added(row, at, told)
    if at > row.read:
        _added(row, at, told)


def _added(row: ReadLog, at: int, told: Told) -> int:
    if not workflow.read_on(log=row, read=at, totals=told.totals):
        raise Refused([_("另一个命令正在读这个日志。请等它读完。")])
    told.totals = Counter()
    return at


def _count(line: bytes, told: Told) -> None:
    told.lines += 1
    try:
        call = lines.call(line.decode("utf-8", "replace").rstrip("\n"))
    except ValueError:
        told.unknown += 1
        return
    day = civil_day(call.at, settings.TIME_ZONE) if call else None
    if call and day and day >= rules.oldest(civil_day(clock.now(), settings.TIME_ZONE)):
        told.calls += 1
        told.totals[day, call.address, call.mark] += 1


def _known(line: bytes) -> bool:
    try:
        lines.call(line.decode("utf-8", "replace").rstrip("\n"))
    except ValueError:
        return False
    return True


def _identity(first: bytes) -> str:
    return salted_hmac("gongkai.surfaces.reach", first, algorithm="sha256").hexdigest()


def _skip(log: IO[bytes], count: int) -> None:
    """Go on ``count`` bytes; to the end where a log has become shorter."""
    if count > 0:
        log.seek(count, os.SEEK_CUR)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as plain:
        packed = plain.read(2) == _GZIP
        plain.seek(0)
        if not packed:
            yield plain
            return
        with gzip.open(plain) as unpacked:
            yield cast(IO[bytes], unpacked)
