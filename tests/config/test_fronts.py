"""nginx and Caddy, as ``deploy/`` sets them up, give the same answers as the embedded server."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.config import fronts
from tests.config.served import Case, ask, cases, embedded, fill, free_port, names, put

from gongkai.config.wsgi import RESERVED

# Headers in which servers differ by nature.
OWN = {
    "server": "each names itself",
    "date": "the time of the answer",
    "connection": "how each keeps its line open",
    "etag": "each makes its own; the table asks with the one that it gave",
}
TOO_EARLY = "it refuses such an address with 400 before it reads its configuration"
DOTS = "it resolves the dots before it looks for a file"
LINKS = "it follows links; only the operator can lay one, and looking for them costs half its rate"
STALE = "it does not compare times; the writer takes the twins away before it changes the page"
WEIGHTS = "it takes the best coding that is not refused, without weighing them, and knows no *"
# Cases that a server answers otherwise, by address or by header, with the reason.
NGINX = {
    "/../secret.txt": TOO_EARLY,
    "/%2e%2e/secret.txt": TOO_EARLY,
    "/a%00b": TOO_EARLY,
    "/i/../index.html": DOTS,
    "/link": LINKS,
    "/outside/secret.txt": LINKS,
    "/stale": STALE,
    "Accept-Encoding: gzip;q=1.0, br;q=0.2": WEIGHTS,
    "Accept-Encoding: gzip;q=0.2, identity": WEIGHTS,
    "Accept-Encoding: *": WEIGHTS,
    "Accept-Encoding: br;q=0, *": WEIGHTS,
}
GO = "Go's file server reads ranges and dates in its own way, within the RFC"
HANGING = "/pipe.txt"
CADDY = {
    "/i/../index.html": DOTS,
    "/i//7K3QX0M2ZD": "it takes two slashes for one",
    "/link": LINKS,
    "/outside/secret.txt": LINKS,
    HANGING: "it waits for whoever writes into the pipe; only the operator can lay one",
    "/stale": STALE,
    "/empty.txt": GO,
    "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT": GO,
    "Range: bytes=-0": GO,
    "Range: bytes=4-2": GO,
    "Range: bytes=a-b": GO,
    "Range: bytes=1-3": GO,
    "Range: lines=0-1": GO,
    "Range: bytes=0-1,4-5": GO,
    "Accept-Encoding: gzip;q=0.2, identity": WEIGHTS,
    "Accept-Encoding: *": WEIGHTS,
    "Accept-Encoding: br;q=0, *": WEIGHTS,
    "Accept-Encoding: gzip; q=oops, deflate": WEIGHTS,
}
# Headers that Go's file server sends with other answers than we do: dates and tags with a 404 and
# not with a 304, no length with HEAD and a coding, ranges with a twin.
GO_SENDS = {"accept-ranges", "content-length", "last-modified"}
# Answers that may carry a sentence of the server's own, which nobody reads.
WORDY = {405, 416}

Seen = Callable[[Case], tuple[object, ...]]


@pytest.fixture(scope="module")
def board(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("fronts")
    fill(home / "board")
    return home / "board"


@pytest.fixture(scope="module")
def office(board) -> Iterator[int]:
    with embedded(board) as port:
        yield port


@pytest.fixture(scope="module")
def nginx(board, office, tmp_path_factory) -> Iterator[int]:
    with fronts.nginx_before(board, tmp_path_factory.mktemp("nginx"), office) as port:
        yield port


@pytest.fixture(scope="module")
def caddy(board, office, tmp_path_factory) -> Iterator[int]:
    with fronts.caddy_before(board, tmp_path_factory.mktemp("caddy"), office) as port:
        yield port


@pytest.fixture(scope="module")
def seen_by_nginx(nginx) -> Seen:
    return seen(nginx)


@pytest.fixture(scope="module")
def seen_by_caddy(caddy) -> Seen:
    return seen(caddy)


@pytest.fixture(scope="module")
def seen_by_ours(office) -> Seen:
    return seen(office)


def seen(port: int) -> Seen:
    """What a reader gets: status, headers, whether there is a tag, bytes."""
    known = names(port)

    def look(case: Case) -> tuple[object, ...]:
        response, body = put(case, port, known)
        headers = fields(response)
        if response.status in WORDY:
            body = b""
            headers = {
                k: v for k, v in headers.items() if k not in {"content-type", "content-length"}
            }
        return response.status, headers, "ETag" in response.headers, body

    return look


def fields(response) -> dict[str, str]:
    return {k.lower(): v for k, v in response.headers.items() if k.lower() not in OWN}


def asked(case: Case) -> set[str]:
    """The words by which an exception may name ``case``."""
    return {case.target, *(f"{name}: {value}" for name, value in case.sent.items())}


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"line {case.line}")
def test_nginx_answers_as_the_embedded_server(case, seen_by_nginx, seen_by_ours):
    if not fronts.BROTLI.exists() and "br" in case.sent.get("Accept-Encoding", ""):
        pytest.skip("nginx has no brotli module here")
    same = seen_by_nginx(case) == seen_by_ours(case)
    assert same == asked(case).isdisjoint(NGINX), seen_by_nginx(case)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"line {case.line}")
def test_caddy_answers_as_the_embedded_server(case, seen_by_caddy, seen_by_ours):
    if case.target == HANGING:
        pytest.skip(CADDY[HANGING])
    (status, headers, _, body), ours = seen_by_caddy(case), seen_by_ours(case)
    bare = [
        {name: value for name, value in each.items() if name not in GO_SENDS}
        for each in (headers, ours[1])
    ]
    same = (status, bare[0], body) == (ours[0], bare[1], ours[3])
    assert same == asked(case).isdisjoint(CADDY), (status, headers, body)


@pytest.mark.parametrize("path", ["/healthz", "/desk/", "/say/", "/accounts/login/", "/readyz"])
@pytest.mark.parametrize("front", ["nginx", "caddy"])
def test_the_office_is_behind(front, path, office, request):
    before, body = ask(request.getfixturevalue(front), "GET", path)
    behind, expected = ask(office, "GET", path)
    assert (before.status, body) == (behind.status, expected)
    assert fields(before) == fields(behind) | {"x-robots-tag": "noindex"}


@pytest.mark.parametrize("before", [fronts.nginx_before, fronts.caddy_before])
def test_without_the_office_there_is_the_board_and_how_to_reach_the_people(before, board, tmp_path):
    (board / "closed.html").write_text("telephone")
    with before(board, tmp_path, office=free_port()) as port:
        told = [ask(port, method, path) for method, path in (("GET", "/"), ("POST", "/say/"))]
    assert [(response.status, body) for response, body in told] == [
        (200, "<h1>公开栏</h1>\n".encode()),
        (503, b"telephone"),
    ]
    assert told[1][0].headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_every_address_of_the_office_is_handed_over(name):
    site = (fronts.DEPLOY / name).read_text("utf-8")
    words = re.search(r"\^/\(\?:(accounts[a-z|]+)\)\(\?:/\|\$\)", site)[1]
    assert set(words.split("|")) == RESERVED | {"healthz"}
