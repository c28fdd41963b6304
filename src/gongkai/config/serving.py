"""The board's own handler: a folder of plain and precompressed files, served without Django.

Each request opens the file it answers from and believes only what it finds open: nothing is
remembered, so a page that the keeper replaces or removes is new, or gone, with the next request.
Other people's handlers remember the folder and serve a 404 for a new file, or a wrong length for
a replaced one.

A twin (``page.html.br``, ``page.html.gz``) counts only while it carries the very modification
time of its plain file, which its writer gives it last. So a crash between the two writes can at
worst cost compression, never show old words.
"""

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from gongkai.config.headers import ALWAYS, content_policy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".ics": "text/calendar; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
}
LOG_TYPES = {
    "/log/checkpoint": "text/plain; charset=utf-8",
    "/log/vkey": "text/plain; charset=utf-8",
}
OCTETS = "application/octet-stream"
ACTIVE = {"text/html", "image/svg+xml", "text/javascript", "text/css", "application/xml"}
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
DIGEST_NAMED = re.compile(r"\.[0-9a-f]{8,64}\.[a-z0-9.]+$")
FULL_TILE = re.compile(r"^/log/tile/[^.]+$")  # a partial one ends in .p/<width>
CHUNK = 64 * 1024
NOT_THERE = {
    errno.EACCES,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ENXIO,
}

REASONS = {
    200: "OK",
    206: "Partial Content",
    304: "Not Modified",
    404: "Not Found",
    405: "Method Not Allowed",
    416: "Range Not Satisfiable",
}
NOTHING_HERE = "<!doctype html><meta charset=utf-8><title>404</title><p>没有这一页。 Not found.\n"


@dataclass(frozen=True)
class Found:
    """An open file, and how it will be called."""

    descriptor: int
    facts: os.stat_result
    type: str
    encoding: str = ""

    @property
    def tag(self) -> str:
        """A strong ETag: the change time moves with every write and every rename."""
        suffix = f"-{self.encoding}" if self.encoding else ""
        return f'"{self.facts.st_ctime_ns:x}-{self.facts.st_size:x}{suffix}"'


class Board:
    """Answers GET and HEAD from the folder ``root``; a WSGI application."""

    def __init__(self, root: Path, *, office: str = "", secure: bool = False) -> None:
        self.root = root
        self.headers = {**ALWAYS, "Content-Security-Policy": content_policy(office)}
        if secure:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    def __call__(self, environ: Mapping[str, Any], start: "StartResponse") -> Iterable[bytes]:
        """The file at the requested address, or the 404 page."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self._answer(start, 405, {"Allow": "GET, HEAD", "Content-Length": "0"})
        address = _address(environ)
        # A range counts the plain bytes, which is what readers of PDF and video expect.
        plainly = "HTTP_RANGE" in environ
        accepted = set() if plainly else _accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        found = self._find(address, accepted) if address else None
        if found is None:
            return self._missing(environ, start, accepted)
        return self._found(address, found, environ, start)

    def _find(self, address: str, accepted: set[str]) -> Found | None:
        """The first file that ``address`` can mean."""
        for name in _names(address):
            try:
                return self._open(name, accepted)
            except OSError as error:
                if error.errno not in NOT_THERE:
                    raise  # a sick disk is not a missing page
        return None

    def _open(self, name: str, accepted: set[str]) -> Found:
        """The regular file ``name``, in the best accepted encoding; ``OSError`` when none."""
        *folders, last = name.split("/")
        folder = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in folders:
                # Step by step, so that no link anywhere on the way leads out of the board.
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            plain = _opened(last, folder, _type(name))
            return _twin(last, folder, plain, accepted) or plain
        finally:
            os.close(folder)

    def _missing(
        self, environ: Mapping[str, Any], start: "StartResponse", accepted: set[str]
    ) -> Iterable[bytes]:
        """The board's own 404 page, never kept: the page may come with the next checkpoint."""
        headers = {"Cache-Control": ASK_AGAIN, "Vary": "Accept-Encoding"}
        headers["Content-Type"] = TYPES[".html"]
        found = self._find("/404.html", accepted)
        if found is None:
            body = NOTHING_HERE.encode()
            headers["Content-Length"] = str(len(body))
            answer = self._answer(start, 404, headers)
            return answer if environ["REQUEST_METHOD"] == "HEAD" else [body]
        headers["Content-Length"] = str(found.facts.st_size)
        if found.encoding:
            headers["Content-Encoding"] = found.encoding
        return self._body(start, 404, headers, environ, found, 0, found.facts.st_size)

    def _found(
        self, address: str, found: Found, environ: Mapping[str, Any], start: "StartResponse"
    ) -> Iterable[bytes]:
        """``found`` whole, in part, or only the word that it has not changed."""
        headers = self._describe(address, found)
        if _unchanged(environ, found):
            os.close(found.descriptor)
            return self._answer(start, 304, headers)
        size = found.facts.st_size
        wanted = _range(environ, found)
        if wanted == (0, 0):
            os.close(found.descriptor)
            return self._answer(start, 416, headers | {"Content-Range": f"bytes */{size}"})
        if wanted is None:
            headers["Content-Length"] = str(size)
            return self._body(start, 200, headers, environ, found, 0, size)
        first, end = wanted
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
        headers["Content-Length"] = str(end - first)
        return self._body(start, 206, headers, environ, found, first, end)

    def _describe(self, address: str, found: Found) -> dict[str, str]:
        """The headers that tell what the file is, how long it stays, and who may read it."""
        headers = {
            "Content-Type": found.type,
            "ETag": found.tag,
            "Last-Modified": formatdate(found.facts.st_mtime, usegmt=True),
            "Cache-Control": _lifetime(address),
            "Accept-Ranges": "bytes",
            "Vary": "Accept-Encoding",
        }
        if found.encoding:
            headers["Content-Encoding"] = found.encoding
        if address.startswith("/log/"):
            headers["Access-Control-Allow-Origin"] = "*"  # any monitor's page may check the log
        if address.startswith("/files/"):
            headers["Content-Disposition"] = "attachment"
            headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
            if found.type.partition(";")[0] in ACTIVE:
                headers["Content-Type"] = OCTETS
        return headers

    def _body(
        self,
        start: "StartResponse",
        status: int,
        headers: dict[str, str],
        environ: Mapping[str, Any],
        found: Found,
        first: int,
        end: int,
    ) -> Iterable[bytes]:
        """Bytes ``first`` to ``end`` of the open file, which closes itself behind them."""
        if environ["REQUEST_METHOD"] == "HEAD":
            os.close(found.descriptor)
            return self._answer(start, status, headers)
        self._answer(start, status, headers)
        if end - first <= CHUNK:
            with os.fdopen(found.descriptor, "rb") as file:
                return [os.pread(file.fileno(), end - first, first)]
        return Piece(found.descriptor, first, end)

    def _answer(self, start: "StartResponse", status: int, headers: dict[str, str]) -> list[bytes]:
        start(f"{status} {REASONS[status]}", list((self.headers | headers).items()))
        return []


class Piece:
    """Part of an open file, read as it is sent; the server calls ``close`` in every case."""

    def __init__(self, descriptor: int, first: int, end: int) -> None:
        self.descriptor, self.position, self.end = descriptor, first, end

    def __iter__(self) -> Iterator[bytes]:
        """The bytes, in chunks."""
        while self.position < self.end:
            wanted = min(CHUNK, self.end - self.position)
            if not (chunk := os.pread(self.descriptor, wanted, self.position)):
                return
            self.position += len(chunk)
            yield chunk

    def close(self) -> None:
        """Give the descriptor back, once."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def _address(environ: Mapping[str, Any]) -> str:
    """The requested path as text, or nothing when no file of ours can have such a name."""
    try:
        path: str = environ["PATH_INFO"].encode("latin-1").decode("utf-8")
    except UnicodeError:
        return ""
    if not path.startswith("/") or any(character in path for character in "\0\\"):
        return ""
    parts = path[1:].split("/")
    if any(part.startswith(".") for part in parts) or "" in parts[:-1]:
        return ""
    return path


def _names(address: str) -> tuple[str, ...]:
    """The files that ``address`` can mean, relative to the board."""
    path = address.strip("/")
    if not path:
        return ("index.html",)
    if path.endswith((".br", ".gz")) and not path.startswith("files/"):
        return ()  # a twin is a way of sending its plain file, not a thing of its own
    if path.startswith(("log/", "assets/", "files/")) or PurePosixPath(path).suffix:
        return () if address.endswith("/") else (path,)
    return (
        (f"{path}/index.html",) if address.endswith("/") else (f"{path}.html", f"{path}/index.html")
    )


def _type(name: str) -> str:
    return LOG_TYPES.get(f"/{name}") or TYPES.get(PurePosixPath(name).suffix.lower(), OCTETS)


def _lifetime(address: str) -> str:
    named = address.startswith("/assets/") and DIGEST_NAMED.search(address)
    return FOREVER if named or FULL_TILE.match(address) else ASK_AGAIN


def _opened(name: str, folder: int, kind: str, encoding: str = "") -> Found:
    """The regular file ``name`` in ``folder``; ``OSError`` when it is anything else."""
    # Without waiting: opening a pipe that someone left in the folder would never return.
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        raise FileNotFoundError(errno.ENOENT, "not a regular file", name)
    return Found(descriptor, facts, kind, encoding)


def _twin(name: str, folder: int, plain: Found, accepted: set[str]) -> Found | None:
    """The best twin of ``plain`` that was made from the very same bytes."""
    for encoding, suffix in ENCODINGS:
        if encoding not in accepted:
            continue
        with suppress(OSError):
            twin = _opened(name + suffix, folder, plain.type, encoding)
            if twin.facts.st_mtime_ns == plain.facts.st_mtime_ns:
                os.close(plain.descriptor)
                return twin
            os.close(twin.descriptor)
    return None


def _accepted(header: str) -> set[str]:
    """The encodings named in Accept-Encoding, without those of quality 0."""
    accepted = set()
    for choice in header.lower().split(","):
        name, _, parameter = choice.partition(";")
        if not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", parameter):
            accepted.add(name.strip())
    return accepted


def _unchanged(environ: Mapping[str, Any], found: Found) -> bool:
    """Whether the reader already has these bytes. If-None-Match decides when it is there."""
    if "HTTP_IF_NONE_MATCH" in environ:
        tags = [tag.strip().removeprefix("W/") for tag in environ["HTTP_IF_NONE_MATCH"].split(",")]
        return "*" in tags or found.tag in tags
    since = _time(environ.get("HTTP_IF_MODIFIED_SINCE", ""))
    return since is not None and int(found.facts.st_mtime) <= since


def _time(header: str) -> float | None:
    try:
        return parsedate_to_datetime(header).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _range(environ: Mapping[str, Any], found: Found) -> tuple[int, int] | None:
    """The one range asked for as (first, end); (0, 0) when it lies outside; None for the whole."""
    size = found.facts.st_size
    match = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", environ.get("HTTP_RANGE", "").strip())
    if match is None or match.groups() == ("", ""):
        return None
    if environ.get("HTTP_IF_RANGE", found.tag) != found.tag:
        return None
    first_text, last_text = match.groups()
    if not first_text:
        first, end = max(0, size - int(last_text)), size
    else:
        first, end = int(first_text), min(size, int(last_text) + 1) if last_text else size
    if last_text and first_text and int(last_text) < first:
        return None
    return (first, end) if first < end else (0, 0)
