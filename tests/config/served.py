"""A small board with traps, the table of requests, and the servers that are asked."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TABLE = Path(__file__).with_name("serving.txt")


@dataclass
class Case:
    """A request and what must come back."""

    line: int
    method: str
    target: str
    sent: dict[str, str] = field(default_factory=dict)
    status: int = 0
    headers: list[tuple[str, str | None]] = field(default_factory=list)
    body: str | None = None


def cases() -> Iterator[Case]:
    """The cases of the table."""
    case = None
    for number, line in enumerate(TABLE.read_text("utf-8").splitlines(), 1):
        mark, _, rest = line.partition(" ")
        if mark in {"GET", "HEAD", "POST", "OPTIONS"}:
            case = Case(number, mark, rest)
        elif mark == ">":
            name, _, value = rest.partition(": ")
            case.sent[name] = value
        elif mark.isdecimal():
            case.status = int(mark)
        elif mark == "<":
            name, colon, value = rest.partition(": ")
            case.headers.append((name, value if colon else None))
        elif mark == "=":
            case.body = rest
        elif not line and case:
            yield case
            case = None
    if case:
        yield case


def write(path: Path, words: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(words.encode() if isinstance(words, str) else words)
    return path


def twin(plain: Path, suffix: str, words: str) -> None:
    """A twin of ``plain`` as the renderer leaves it: with the same modification time."""
    made = write(plain.with_name(plain.name + suffix), words)
    facts = plain.stat()
    os.utime(made, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def fill(board: Path) -> None:
    """A small board, with traps."""
    for name, words in {
        "404.html": "no such page",
        "i/7K3QX0M2ZD.html": "an item",
        "i/.part.html": "half a page",
        "catalogue/index.html": "the catalogue",
        "verify/index.html": "check it yourself",
        "verify/find/ab/cdef0123456789.json": '["7K3QX0M2ZD"]',
        "目录.html": "目录",
        "feed.xml": "<feed/>",
        "digits.txt": "0123456789",
        ".hidden": "hidden",
        "assets/base.css": "a{}",
        "assets/base.0123456789ab.css": "a{}",
        "log/checkpoint": "the checkpoint",
        "log/vkey": "the key",
        "log/tile/0/000": "tile",
        "log/tile/0/001.p/5": "partial",
        "log/tile/entries/x001/002": "bundle",
        "files/ab/notice.html": "<script>",
        "files/ab/picture.svg": "<svg/>",
        "files/ab/notice.pdf": "%PDF",
        "files/ab/archive.tar.gz": "packed",
        "files/ab/note.txt": "a note",
        "empty.txt": "",
        "assets/.base.css": "hidden",
        "files/.hidden": "hidden",
        "log/.hidden": "hidden",
        "removed.html.br": "left behind",
    }.items():
        write(board / name, words)
    index = write(board / "index.html", "<h1>公开栏</h1>\n")
    twin(index, ".br", "brotli twin")
    twin(index, ".gz", "gzip twin")
    twin(board / "files/ab/note.txt", ".gz", "another attachment")
    twin(write(board / "assets/base.css", "a{}"), ".br", "brotli twin")
    stale = write(board / "stale.html", "old words")
    twin(stale, ".br", "old twin")
    os.utime(write(stale, "new words"), ns=(1, 1))
    outside = write(board.parent / "elsewhere" / "secret.txt", "secret").parent
    write(board.parent / "secret.txt", "secret")
    (board / "outside").symlink_to(outside)
    (board / "link.html").symlink_to(outside / "secret.txt")
    os.mkfifo(board / "pipe.txt")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(port: int, command: list[str], **more: str) -> Iterator[subprocess.Popen]:
    """A server, from its first open port to its end."""
    names = {"SECRET_KEY", "PUBLIC_URL", "BOARD_URL", "OFFICE_URL"}
    around = {name: value for name, value in os.environ.items() if name not in names}
    server = subprocess.Popen(command, env=around | more, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if server.poll() is not None or not probe.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.05)
        assert server.poll() is None
        yield server
    finally:
        server.terminate()
        try:
            server.wait(10)
        finally:
            server.kill()


@contextmanager
def embedded(board: Path) -> Iterator[int]:
    """Our own server on the board; its office cannot open, since the home has no key."""
    port = free_port()
    command = [sys.executable, "-m", "gongkai.config.web", "127.0.0.1", str(port)]
    with running(port, command, GONGKAI_HOME=str(board.parent)) as server:
        yield port
    assert server.returncode == 0


def ask(port: int, method: str, target: str, headers: dict[str, str] | None = None):
    """One request as it stands, without a client that would clean its address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection._validate_path = lambda target: None
    connection.request(method, target, headers=headers or {})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def names(port: int) -> dict[str, str]:
    """What stands for the words in braces: the tags and the date that the server gives."""
    index, digits = ask(port, "HEAD", "/")[0].headers, ask(port, "HEAD", "/digits.txt")[0].headers
    br = ask(port, "HEAD", "/", {"Accept-Encoding": "br"})[0].headers["ETag"]
    return {
        "tag": index["ETag"],
        "br": br,
        "digits": digits["ETag"],
        "modified": index["Last-Modified"],
    }


def put(case: Case, port: int, known: dict[str, str]):
    """The answer to ``case``."""
    sent = {name: value.format(**known) for name, value in case.sent.items()}
    return ask(port, case.method, case.target, sent)
