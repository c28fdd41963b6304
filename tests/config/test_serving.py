"""The board handler, through the real server: the table in ``serving.txt``, then what moves."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.config.served import ask, cases, embedded, fill, names, put, write

from gongkai.config import folder
from gongkai.config.folder import Folder
from gongkai.config.serving import NOT_THERE


@pytest.fixture(scope="module")
def board(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("served")
    fill(home / "board")
    return home / "board"


@pytest.fixture(scope="module")
def port(board) -> Iterator[int]:
    with embedded(board) as port:
        yield port


@pytest.fixture(scope="module")
def known(port) -> dict[str, str]:
    return names(port)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"line {case.line}")
def test_the_table(case, port, known):
    response, body = put(case, port, known)
    assert response.status == case.status
    for name, value in case.headers:
        expected = value and value.replace("{tag}", known["tag"]).replace("{br}", known["br"])
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
    until = time.monotonic() + 20
    while any(target.endswith("/huge.bin") for target in open_files()):
        assert time.monotonic() < until
        time.sleep(0.05)


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


@pytest.mark.parametrize("way", sorted({folder._open, folder.step_by_step}, key=repr))
def test_both_ways_of_opening_find_the_same(board, monkeypatch, way):
    monkeypatch.setattr(folder, "_open", way)
    here = Folder(board)
    os.close(here.open("i/7K3QX0M2ZD.html").descriptor)
    for name in ("link.html", "outside/secret.txt", "pipe.txt", "i", "i/none.html"):
        with pytest.raises(OSError, match=name.partition("/")[0]) as refusal:
            here.open(name)
        assert refusal.value.errno in NOT_THERE


def test_the_boards_own_page_stands_in_for_the_office(board, port):
    page = write(board / "closed.html", "<h1>网上暂时不能办理</h1>")
    response, body = ask(port, "POST", "/say/")
    page.unlink()
    assert (response.status, body.decode()) == (503, "<h1>网上暂时不能办理</h1>")
