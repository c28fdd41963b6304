"""Asking ClamAV, where the settings name one: clamd's INSTREAM over a socket, nothing else.

Source: clamd(8), "zINSTREAM": portions with their length before them, an empty one at the end,
and one line as answer. Configured and out of reach means that nothing is taken in.
"""

import logging
import socket
import struct
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.harm import Harmful

PORTION = 128 * 1024
SECONDS = 60
_ANSWER = 4096
_TOO_LONG = "size limit exceeded"

logger = logging.getLogger(__name__)


def check(path: Path) -> None:
    """Let the file at ``path`` be looked at; nothing happens where no scanner is configured.

    Raises ``Harmful`` with the name of what was found; ``Refused`` when the scanner is out of
    reach, does not take so large a file, or answers what nobody understands.
    """
    if not settings.CLAMD:
        return
    try:
        answer = _asked(path)
    except OSError as error:
        logger.error("virus scanner out of reach: %s", error)
        raise Refused([_away()]) from error
    verdict = answer.removeprefix("stream: ")
    if verdict.endswith(" FOUND"):
        found = verdict.removesuffix(" FOUND")
        raise Harmful([_("查毒程序在文件里查到“%s”，没有收下。") % found[:80]])
    if _TOO_LONG in verdict:
        raise Refused([_("文件比查毒程序肯查的大，没有收下。请分成几个文件，再传一次。")])
    if verdict != "OK":
        logger.error("virus scanner answered: %r", answer[:200])
        raise Refused([_away()])


def reachable() -> bool:
    """Whether the configured scanner answers; for the doctor."""
    try:
        with closing(_connected()) as line:
            line.sendall(b"zPING\0")
            return _line(line) == "PONG"
    except OSError:
        return False


def _asked(path: Path) -> str:
    with closing(_connected()) as line, path.open("rb") as file:
        line.sendall(b"zINSTREAM\0")
        try:
            while portion := file.read(PORTION):
                line.sendall(struct.pack(">I", len(portion)) + portion)
            line.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough: what it thinks stands in its answer
        return _line(line)


def _connected() -> socket.socket:
    address = urlsplit(settings.CLAMD)
    if address.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        try:
            line.connect(address.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((address.hostname or "", address.port or 3310), SECONDS)


def _line(line: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _ANSWER:
        portion = line.recv(_ANSWER)
        if not portion:
            break
        answer += portion
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _away() -> str:
    return _("查毒程序现在用不了，文件没有收下。请过一会儿再传；一直这样，请告诉管理员。")
