"""What counts as a call of an item's page, in the server's memory and in another server's log."""

import json
from datetime import UTC, datetime

import pytest
from tests.surfaces.board.office import address

from gongkai.config.serving import Board
from gongkai.config.wsgi import Router
from gongkai.surfaces.reach import counting, lines, marks
from gongkai.surfaces.reach.counting import Counter
from gongkai.surfaces.reach.lines import Call

pytestmark = pytest.mark.once
ITEM = address(1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
COMBINED = "192.0.2.7 - - [24/Nov/2026:00:30:00 +0800]"
LOCAL = "2026-11-24T00:30:00+08:00"
AT = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)


@pytest.fixture
def asked(tmp_path):
    """A board with two pages of one item, and how to ask it."""
    for name in (f"i/{ITEM}.html", f"en/i/{ITEM}.html", "all.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<p>甲</p>")
    counter = Counter(tmp_path / "reach")
    router = Router(Board(tmp_path), None, counter=counter)

    def ask(path, method="GET", **more):
        path, _, query = path.partition("?")
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
        answers = []
        agent = {"HTTP_USER_AGENT": FIREFOX}
        list(router({**environ, **agent, **more}, lambda *told: answers.append(told)))
        return dict(answers[0][1])

    ask.counter = counter
    return ask


def written(counter: Counter) -> list[list]:
    assert counter.write()
    (file,) = counter.folder.glob("*.json")
    told = json.loads(file.read_text())["calls"]
    file.unlink()
    return told


def test_the_server_counts_pages_that_somebody_looks_at(asked):
    tag = asked(f"/i/{ITEM}")["ETag"]
    asked(f"/en/i/{ITEM}", HTTP_IF_NONE_MATCH=tag)
    asked(f"/i/{ITEM}?s=w", HTTP_SEC_FETCH_DEST="document")
    asked(f"/i/{ITEM}?utm=1&s=7k3")
    for path, more in (
        (f"/i/{ITEM}", {"method": "HEAD"}),
        (f"/i/{ITEM}", {"HTTP_USER_AGENT": "Googlebot/2.1"}),
        (f"/i/{ITEM}", {"HTTP_USER_AGENT": ""}),
        (f"/i/{ITEM}", {"HTTP_SEC_PURPOSE": "prefetch;prerender"}),
        (f"/i/{ITEM}", {"HTTP_SEC_FETCH_DEST": "empty"}),
        (f"/i/{address(2)}", {}),
        ("/all", {}),
    ):
        asked(path, **more)
    assert written(asked.counter) == [[ITEM, "", 2], [ITEM, "w", 1], [ITEM, "7k3", 1]]
    assert asked.counter.write() is False


def test_memory_and_disk_are_bounded_and_a_full_disk_loses_nothing(asked, monkeypatch):
    monkeypatch.setattr(counting, "KEYS", 2)
    for mark in ("a", "b", "c", "a"):
        asked(f"/i/{ITEM}?s={mark}")
    asked.counter.folder.write_text("in the way")
    assert asked.counter.write() is False
    asked.counter.folder.unlink()
    assert written(asked.counter) == [[ITEM, "a", 2], [ITEM, "b", 1]]
    monkeypatch.setattr(counting, "FILES", 0)
    asked(f"/i/{ITEM}")
    assert asked.counter.write() is False


def caddy(**more) -> str:
    headers = {"User-Agent": [FIREFOX], **more.pop("headers", {})}
    request = {"remote_ip": "192.0.2.7", "method": "GET", "uri": f"/i/{ITEM}?s=w"}
    told = {"ts": AT.timestamp(), "request": {**request, "headers": headers}, "status": 200}
    return json.dumps({**told, **more})


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        (
            f'{COMBINED} "GET /i/{ITEM}?s=7k3 HTTP/1.1" 200 9 "-" "{FIREFOX}"',
            "7k3",
        ),
        (
            f'{LOCAL} "GET /en/i/{ITEM} HTTP/2.0" 304 "{FIREFOX}" "-" "document"',
            "",
        ),
        (caddy(), "w"),
        (caddy(ts="2026-11-23T16:30:00Z"), "w"),
    ],
)
def test_a_line_of_nginx_or_caddy_is_a_call(line, mark):
    assert lines.call(line) == Call(AT, ITEM, mark)


@pytest.mark.parametrize(
    "line",
    [
        f'{COMBINED} "GET /i/{ITEM} HTTP/1.1" 404 9 "-" "{FIREFOX}"',
        f'{COMBINED} "GET /i/{ITEM} HTTP/1.1" 200 9 "-" "curl/8"',
        f'{COMBINED} "\\x16\\x03\\"" 400 9 "-" "-"',
        f'{LOCAL} "GET /i/{ITEM} HTTP/2.0" 200 "{FIREFOX}" "prefetch" "document"',
        caddy(headers={"Sec-Purpose": ["prefetch"]}),
        caddy(status=404),
    ],
)
def test_other_lines_are_none(line):
    assert lines.call(line) is None


@pytest.mark.parametrize("line", ["", "{", '{"level":"info","msg":"x"}', "Nov 24 sshd[1]: x"])
def test_what_is_no_access_log_is_known(line):
    with pytest.raises(ValueError):  # noqa: PT011, its words are nobody's
        lines.call(line)


def test_a_mark_stands_in_the_query_and_nothing_else_is_one():
    assert marks.marked("https://x.example/i/A", "w") == "https://x.example/i/A?s=w"
    told = [marks.read(each) for each in ("s=w", "a=1&s=7k3", "", "s=TOO", "s=12345", "as=w")]
    assert told == ["w", "7k3", "", "", "", ""]
