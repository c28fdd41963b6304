"""The board's own handler: a folder of plain and precompressed files, served without Django.

Each request opens the file it answers from and believes only what it finds open: nothing is
remembered, so a page that the keeper replaces or removes is new, or gone, with the next request.
Other people's handlers remember the folder and serve a 404 for a new file, or a wrong length for
a replaced one.

``deploy/nginx.conf`` and ``deploy/Caddyfile`` say the same in their words; one table of requests
(``tests/config/serving.txt``) is asked of all three.
"""

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai.config.addresses import MISSING, NOTHING, Address, read
from gongkai.config.conditions import NOWHERE, codings, piece, unchanged
from gongkai.config.folder import Folder, Found
from gongkai.config.headers import ALWAYS, content_policy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

Headers = list[tuple[str, str]]

AREAS = {
    # Any monitor's page may check the log.
    "log": {"Access-Control-Allow-Origin": "*"},
    # What others uploaded never becomes a page of ours.
    "files": {
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    },
}
CHUNK = 64 * 1024
NOT_THERE = {
    errno.EACCES,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ENXIO,
}

STATUS = {
    200: "200 OK",
    206: "206 Partial Content",
    304: "304 Not Modified",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    416: "416 Range Not Satisfiable",
}
NOTHING_HERE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>没有这一页</title>'
    '<meta name="viewport" content="width=device-width"><h1>没有这一页</h1>'
    '<p lang="en">There is no such page.</p><p><a href="/">首页</a></p>\n'
)


class Board:
    """Answers GET and HEAD from the folder ``root``; a WSGI application."""

    def __init__(self, root: Path, *, office: str = "", secure: bool = False) -> None:
        self.folder = Folder(root)
        self.always = {**ALWAYS, "Content-Security-Policy": content_policy(office)}
        if secure:
            self.always["Strict-Transport-Security"] = "max-age=31536000"
        self._standing: dict[tuple[str, ...], Headers] = {}

    def __call__(self, environ: Mapping[str, Any], start: "StartResponse") -> Iterable[bytes]:
        """The file at the requested address, or the 404 page."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            allowed = [("Allow", "GET, HEAD"), ("Content-Length", "0")]
            start(STATUS[405], [*self._headers(NOTHING, ""), *allowed])
            return []
        address = read(environ["PATH_INFO"])
        wanted = codings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        for name in address.names:
            if found := self._open(name, wanted if address.twinned else ()):
                return self._found(address, found, environ, start)
        return self._missing(environ, start, wanted)

    def _open(self, name: str, wanted: tuple[str, ...]) -> Found | None:
        try:
            return self.folder.open(name, wanted)
        except OSError as error:
            if error.errno not in NOT_THERE:
                raise  # a sick disk is not a missing page
            return None

    def _found(
        self, address: Address, found: Found, environ: Mapping[str, Any], start: "StartResponse"
    ) -> Iterable[bytes]:
        """``found`` whole, in part, or only the word that it has not changed."""
        tag, size, modified = found.tag, found.facts.st_size, _date(int(found.facts.st_mtime))
        known = [("ETag", tag), ("Last-Modified", modified)]
        if unchanged(environ, tag, modified):
            os.close(found.descriptor)
            start(STATUS[304], [*self._headers(address._replace(type=""), ""), *known])
            return []
        # A range counts plain bytes; who asks for a range of a twin gets the whole twin.
        part = None if found.coding else piece(environ, tag, size)
        if part == NOWHERE:
            os.close(found.descriptor)
            place = [("Content-Range", f"bytes */{size}"), ("Content-Length", "0")]
            start(STATUS[416], [*self._headers(address._replace(type=""), ""), *place])
            return []
        headers = [*self._headers(address, found.coding), *known]
        if part:
            first, end = part
            headers.append(("Content-Range", f"bytes {first}-{end - 1}/{size}"))
            headers.append(("Content-Length", str(end - first)))
            return _send(start, 206, headers, environ, found, first, end)
        headers.append(("Content-Length", str(size)))
        if not found.coding:
            headers.append(("Accept-Ranges", "bytes"))
        return _send(start, 200, headers, environ, found, 0, size)

    def _missing(
        self, environ: Mapping[str, Any], start: "StartResponse", wanted: tuple[str, ...]
    ) -> Iterable[bytes]:
        """The board's own 404 page, never kept: the page may come with the next checkpoint."""
        found = self._open(MISSING.names[0], wanted)
        headers = [*self._headers(MISSING, found.coding if found else "")]
        if found:
            headers.append(("Content-Length", str(found.facts.st_size)))
            return _send(start, 404, headers, environ, found, 0, found.facts.st_size)
        body = NOTHING_HERE.encode()
        start(STATUS[404], [*headers, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _headers(self, address: Address, coding: str) -> Headers:
        """The headers that tell what a file is, how long it stays, and who may read it.

        Put together once for each sort of file; without a type, those of an answer without one.
        """
        key = (address.area, address.type, address.lifetime, coding)
        if key not in self._standing:
            headers = self.always | {"Cache-Control": address.lifetime, "Vary": "Accept-Encoding"}
            headers |= AREAS.get(address.area, {})
            if address.type:
                headers["Content-Type"] = address.type
            if coding:
                headers["Content-Encoding"] = coding
            self._standing[key] = list(headers.items())
        return self._standing[key]


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


def _send(
    start: "StartResponse",
    status: int,
    headers: Headers,
    environ: Mapping[str, Any],
    found: Found,
    first: int,
    end: int,
) -> Iterable[bytes]:
    """Bytes ``first`` to ``end`` of the open file, which is closed behind them."""
    start(STATUS[status], headers)
    if environ["REQUEST_METHOD"] != "HEAD" and end - first > CHUNK:
        return Piece(found.descriptor, first, end)
    try:
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        return [os.pread(found.descriptor, end - first, first)]
    finally:
        os.close(found.descriptor)


@lru_cache(maxsize=1024)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)
