"""The board handler, through the real server: the table in ``serving.txt``, then what moves."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

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
        "removed.html.br": "left behind",
    }.items():
        write(board / name, words)
    index = write(board / "index.html", "<h1>公开栏</h1>\n")
    twin(index, ".br", "brotli twin")
    twin(index, ".gz", "gzip twin")
    stale = write(board / "stale.html", "old words")
    twin(stale, ".br", "old twin")
    os.utime(write(stale, "new words"), ns=(1, 1))
    outside = write(board.parent / "elsewhere" / "secret.txt", "secret").parent
    write(board.parent / "secret.txt", "secret")
    (board / "outside").symlink_to(outside)
    (board / "link.html").symlink_to(outside / "secret.txt")
    os.mkfifo(board / "pipe.txt")


@pytest.fixture(scope="module")
def board(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("served")
    fill(home / "board")
    return home / "board"


@pytest.fixture(scope="module")
def port(board) -> Iterator[int]:
    """A real server on the board; its office cannot open, since the home has no key."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    surroundings = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    server = subprocess.Popen(
        [sys.executable, "-m", "gongkai.config.web", "127.0.0.1", str(port)],
        env={**surroundings, "GONGKAI_HOME": str(board.parent)},
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        if server.poll() is None and not socket.socket().connect_ex(("127.0.0.1", port)):
            break
        time.sleep(0.05)
    yield port
    server.terminate()
    assert server.wait(10) == 0


def ask(port: int, method: str, target: str, headers: dict[str, str] | None = None):
    """One request as it stands, without a client that would clean its address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection._validate_path = lambda target: None
    connection.request(method, target, headers=headers or {})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"line {case.line}")
def test_the_table(case, port):
    _, (tag, br) = (
        None,
        (
            ask(port, "HEAD", "/", {"Accept-Encoding": encoding})[0].headers["ETag"]
            for encoding in ("identity", "br")
        ),
    )
    sent = {name: value.format(tag=tag, br=br) for name, value in case.sent.items()}
    response, body = ask(port, case.method, case.target, sent)
    assert response.status == case.status
    for name, value in case.headers:
        expected = value and value.replace("{tag}", tag).replace("{br}", br)
        assert (name, response.headers[name]) == (name, expected)
    if case.body is not None:
        assert body.decode().strip() == case.body


def test_a_page_that_is_replaced_is_new_with_the_next_request(board, port):
    page = write(board / "moving.html", "first")
    first, _ = ask(port, "GET", "/moving")
    write(board / ".moving.html", "2").replace(page)
    second, body = ask(port, "GET", "/moving", {"If-None-Match": first.headers["ETag"]})
    page.unlink()
    assert (second.status, body, second.headers["Content-Length"]) == (200, b"2", "1")
    assert ask(port, "GET", "/moving")[0].status == 404


def test_a_large_file_arrives_whole_and_in_pieces(board, port):
    words = bytes(range(256)) * 4096
    write(board / "files/cd/large.bin", words)
    assert ask(port, "GET", "/files/cd/large.bin")[1] == words
    response, body = ask(port, "GET", "/files/cd/large.bin", {"Range": "bytes=1000-200999"})
    assert (response.status, body) == (206, words[1000:201000])


def test_a_reader_who_leaves_early_costs_no_open_file(board, port):
    write(board / "files/cd/huge.bin", bytes(8_000_000))
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as reader:
            reader.sendall(b"GET /files/cd/huge.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
            reader.recv(1000)
    time.sleep(0.5)
    assert not any(target.endswith("/huge.bin") for target in open_files())


def open_files() -> Iterator[str]:
    """The names of all open files that this user may see."""
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            yield os.readlink(link)


def test_a_failing_office_shows_telephone_and_address(board, port):
    contact = '{"telephone": "0000-1234567", "address": "青溪镇政府路1号<"}'
    write(board / "contact.json", contact)
    response, body = ask(port, "GET", "/desk/")
    assert response.status == 503
    assert response.headers["Retry-After"] == "30"
    assert "<dd>0000-1234567</dd>" in body.decode()
    assert "青溪镇政府路1号&lt;" in body.decode()


def test_health_needs_no_office(port):
    response, body = ask(port, "GET", "/healthz")
    assert (response.status, body) == (200, b'{"web": true, "office": "failed"}')
