"""Asking other people's servers, who may be down, slow, endless or dishonest.

Every answer has a largest size and every question a last moment, whatever the server does: the
connection is cut from outside, so that neither a trickle of bytes nor an unfinished handshake holds
a worker. Only http and https; a redirect may not lead to another host, where nobody meant to ask.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

SECONDS = 30.0
"""The longest that one question takes, from the first packet to the last byte."""
SILENCE = 10.0
"""The longest pause between two packets."""
NOT_THERE = frozenset((404, 410))
_CHUNK = 64 * 1024
_SCHEMES = frozenset(("http", "https"))


class Unreachable(OSError):
    """No usable answer; the message says why. Nothing follows from it about what is there."""


def is_address(where: str) -> bool:
    """Whether ``where`` is an address on the web, with a host and nothing secret in it."""
    try:
        parts = urlsplit(where)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.hostname) and "@" not in parts.netloc


def get(address: str, *, most: int, seconds: float = SECONDS) -> bytes | None:
    """The bytes at ``address``, at most ``most``; None when the server says that nothing is there.

    Raises ``Unreachable``: no such scheme, no answer in time, too much, another host, a fault.
    """
    asked = Request(
        _usable(address), headers={"User-Agent": "gongkai", "Cache-Control": "no-cache"}
    )
    return _answer(asked, most, seconds)


def post(address: str, body: bytes, *, kind: str, most: int, seconds: float = SECONDS) -> bytes:
    """The bytes, at most ``most``, that are answered to ``body``, which is of the media type
    ``kind``.

    Raises ``Unreachable`` as :func:`get` does, and when the server says that nothing is there.
    """
    headers = {"User-Agent": "gongkai", "Content-Type": kind}
    asked = Request(_usable(address), data=body, headers=headers, method="POST")
    answer = _answer(asked, most, seconds)
    if answer is None:
        raise Unreachable("nothing is there")
    return answer


def _usable(address: str) -> str:
    if not is_address(address):
        raise Unreachable(f"no address on the web: {address}")
    return address


def _answer(asked: Request, most: int, seconds: float) -> bytes | None:
    with alarm(seconds) as watch:
        try:
            return _read(asked, most, watch)
        except HTTPError as error:
            if error.code in NOT_THERE:
                return None
            raise Unreachable(f"HTTP {error.code}") from error
        except (OSError, HTTPException, ValueError) as error:
            if watch.rung:
                raise Unreachable(f"no whole answer within {seconds:.0f} s") from error
            reason = getattr(error, "reason", error)
            raise Unreachable(str(reason) or type(error).__name__) from error


def _read(asked: Request, most: int, watch: "Watch") -> bytes:
    opener = build_opener(ProxyHandler(), _Http(watch), _Https(watch), _SameHost())
    parts: list[bytes] = []
    left = most
    with opener.open(asked, timeout=SILENCE) as answer:
        length = answer.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > most:
            raise Unreachable(f"larger than {most} bytes")
        while part := answer.read1(_CHUNK):
            left -= len(part)
            if left < 0:
                raise Unreachable(f"larger than {most} bytes")
            parts.append(part)
    data = b"".join(parts)
    # A connection that was cut ends like one that was closed.
    if watch.rung or (length.isdecimal() and int(length) != len(data)):
        raise Unreachable("the answer was cut off")
    return data


class Watch:
    """The sockets of one question; when the time is over they are shut, wherever they hang."""

    def __init__(self) -> None:
        self.rung = False
        self._sockets: list[socket.socket] = []

    def connect(self, *given: Any, **named: Any) -> socket.socket:
        """As ``socket.create_connection``; a copy is kept, since TLS takes the socket away."""
        made = socket.create_connection(*given, **named)
        self._sockets.append(made.dup())
        if self.rung:
            self.ring()
        return made

    def ring(self) -> None:
        """The time is over."""
        self.rung = True
        for each in list(self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Nothing is watched any more."""
        for each in self._sockets:
            each.close()


@contextmanager
def alarm(seconds: float) -> Iterator[Watch]:
    """Within the block, the sockets that the watch made are shut after ``seconds``."""
    watch = Watch()
    timer = threading.Timer(seconds, watch.ring)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        watch.close()


def _watched(kind: type[HTTPConnection], watch: Watch) -> Any:
    """A connection of this kind whose sockets are watched."""

    def made(host: str, **named: Any) -> HTTPConnection:
        connection = kind(host, **named)
        vars(connection)["_create_connection"] = watch.connect
        return connection

    return made


class _Http(HTTPHandler):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def http_open(self, req: Request) -> Any:
        return self.do_open(_watched(HTTPConnection, self._watch), req)


class _Https(HTTPSHandler):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def https_open(self, req: Request) -> Any:
        context = ssl.create_default_context()
        return self.do_open(_watched(HTTPSConnection, self._watch), req, context=context)


class _SameHost(HTTPRedirectHandler):
    """Follows a redirect on the same host only, and never from https to http."""

    max_redirections = 3

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        same = old.hostname == new.hostname
        if new.scheme not in _SCHEMES or not same or (old.scheme, new.scheme) == ("https", "http"):
            raise Unreachable(f"sent on to another host: {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
