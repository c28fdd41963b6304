"""Lines of the access logs of nginx and Caddy 访问日志. Pure: text in, calls of items out.

Read are the combined format of nginx (and Apache), ours of ``deploy/nginx.conf``, which holds no
address, and Caddy's JSON. Of a line nothing is kept but time, item and mark.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gongkai.surfaces.reach import calls, marks

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_COMBINED = re.compile(rf"\S+ \S+ .*?\[([^\]]+)\] {_QUOTED} (\d{{3}}) \S+ {_QUOTED} {_QUOTED}")
_OURS = re.compile(rf"(\d{{4}}-\S+) {_QUOTED} (\d{{3}}) {_QUOTED} {_QUOTED} {_QUOTED}")


@dataclass(frozen=True)
class Call:
    """A call of an item's page (页面调用): when, of which item, from which sheet."""

    at: datetime
    address: str
    mark: str


@dataclass(frozen=True)
class _Line:
    at: datetime
    method: str
    target: str
    status: int
    agent: str
    purpose: str = ""
    dest: str = ""


def call(text: str) -> Call | None:
    """The call that a line tells of, or None.

    ``ValueError`` for a line in no format known here.
    """
    line = _caddy(text) if text.startswith("{") else _plain(text)
    path, _, query = line.target.partition("?")
    address = calls.item(path)
    if line.method != "GET" or line.status not in calls.ANSWERED or not address:
        return None
    if not calls.looked_at(line.agent, line.purpose, line.dest):
        return None
    return Call(line.at, address, marks.read(query))


def _plain(text: str) -> _Line:
    if found := _OURS.match(text):
        at, request, status, agent, purpose, dest = found.groups()
        return _line(_iso(at), request, status, agent, _given(purpose), _given(dest))
    if found := _COMBINED.match(text):
        at, request, status, _referer, agent = found.groups()
        return _line(datetime.strptime(at, "%d/%b/%Y:%H:%M:%S %z"), request, status, agent)
    raise ValueError(text[:80])


def _line(
    at: datetime, request: str, status: str, agent: str, purpose: str = "", dest: str = ""
) -> _Line:
    method, _, rest = request.partition(" ")  # what a stranger sent need not be a request
    target = rest.rpartition(" ")[0]
    return _Line(at, method, target, int(status), _given(agent), purpose, dest)


def _caddy(text: str) -> _Line:
    try:
        told = json.loads(text)
        request, headers = told["request"], told["request"]["headers"]
        return _Line(
            at=_moment(told["ts"]),
            method=request["method"],
            target=request["uri"],
            status=int(told["status"]),
            agent=_header(headers, "User-Agent"),
            purpose=" ".join(_header(headers, name) for name in ("Sec-Purpose", "Purpose")),
            dest=_header(headers, "Sec-Fetch-Dest"),
        )
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(text[:80]) from error


def _moment(told: Any) -> datetime:
    return datetime.fromtimestamp(told, UTC) if isinstance(told, int | float) else _iso(told)


def _iso(told: str) -> datetime:
    at = datetime.fromisoformat(told)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _header(headers: Mapping[str, Any], name: str) -> str:
    return " ".join(headers.get(name, ()))


def _given(text: str) -> str:
    return "" if text == "-" else text
