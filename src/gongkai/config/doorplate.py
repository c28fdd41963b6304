"""What hangs at the office's door while nobody can open it: how else to reach the people.

Needs neither Django nor a database: these are what is missing when the page is wanted.
"""

import json
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from gongkai.config.env import Home
from gongkai.config.headers import ALWAYS, content_policy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

PAGE = """<!doctype html>
<html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>暂时不能办理</title>
<h1>暂时不能办理</h1>
<p>公开栏照常可以看。网上办理正在恢复，请过几分钟再试。</p>
{ways}
<p lang="en">The public board can be read as usual. The office is not reachable at the moment;
please try again in a few minutes.</p>
<p><a href="/">公开栏 <span lang="en">Public board</span></a></p>
</html>
"""
ASK = "<p>急事请直接到办公地点，或拨打公开栏上的电话。</p>"
LABELS = {"name": "单位", "telephone": "电话", "address": "地址", "hours": "时间"}
HEADERS = {
    **ALWAYS,
    "Content-Security-Policy": content_policy(),
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Retry-After": "30",
}


ENGLISH = "en"


def page(root: str = "") -> str:
    """The board's own page for the occasion, the English one with ``root`` "en"; before there is
    one, the least that helps.
    """
    try:
        return (Home().board / root / "closed.html").read_text("utf-8")
    except (OSError, ValueError):
        return _least()


def _least() -> str:
    contact = _contact()
    lines = [
        f"<dt>{label}</dt><dd>{escape(str(contact[key]))}</dd>"
        for key, label in LABELS.items()
        if contact.get(key)
    ]
    return PAGE.format(ways=f"<dl>{''.join(lines)}</dl>" if lines else ASK)


def closed(start: "StartResponse", root: str = "") -> Iterable[bytes]:
    """Answer 503 with the page; see :func:`page`."""
    body = page(root).encode()
    start("503 Service Unavailable", [*HEADERS.items(), ("Content-Length", str(len(body)))])
    return [body]


def _contact() -> dict[str, Any]:
    """``contact.json``, which the board writes beside its pages; empty when it has not yet."""
    try:
        contact = json.loads((Home().board / "contact.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return contact if isinstance(contact, dict) else {}
