"""What hangs at the office's door while nobody can open it: how else to reach the people.

Needs neither Django nor a database: these are what is missing when the page is wanted.
"""

import json
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

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
LATER = """<h1>还没有收下，请再送一次</h1>
<p>这一会儿送意见的人太多。您写的都在这一页里，没有丢：过十几秒再按“再送一次”。送了两次也只算一件。</p>
<p lang="en">Too many people are writing at this moment, and yours has not been taken in. Nothing
you wrote is lost: wait a few seconds and press the button again.</p>
<form class="form section--tight" method="post" action="{action}" accept-charset="utf-8">
{fields}
<div class="form__end"><button class="btn">再送一次 <span lang="en">Send again</span></button></div>
</form>
"""
WORDS = """<div class="field"><label for="say">您写的 <span lang="en">What you wrote</span></label>
<textarea id="say" name="say" rows="8">
{text}</textarea></div>"""
KEPT = '<input type="hidden" name="{name}" value="{value}">'
MOST_FIELDS = 40
"""Fields of a form that are given back; none of ours has half as many."""
BEGIN, END = '<main id="main" class="wrap">', "</main>"
"""What stands around the words of the board's own page for the occasion."""
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


def later(start: "StartResponse", path: str, form: bytes) -> Iterable[bytes]:
    """Answer 503 with what was written, to be sent to ``path`` once more; see :func:`page`.

    ``form`` is the body of the request, which nobody has looked into: whatever it holds, it is
    shown as text, or carried along unseen.
    """
    try:
        given = parse_qsl(form.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:  # no form of ours: there are no words to give back
        return closed(start)
    fields = [
        WORDS.format(text=escape(value))
        if name == "say"
        else KEPT.format(name=escape(name), value=escape(value))
        for name, value in given
    ]
    action = escape("/" + path.lstrip("/"))  # never the address of another host
    words = LATER.format(action=action, fields="\n".join(fields))
    body = _around(words).encode("utf-8", "replace")
    told = HEADERS | {"Retry-After": "15", "Content-Length": str(len(body))}
    start("503 Service Unavailable", list(told.items()))
    return [body]


def _around(words: str) -> str:
    """``words`` in the board's frame; alone, with the telephone, before there is one."""
    whole = page()
    before, begin, rest = whole.partition(BEGIN)
    _closed, end, after = rest.partition(END)
    if begin and end:
        return f"{before}{begin}{words}{end}{after}"
    head, title, _rest = whole.partition("<h1>")
    return f"{head}{words}{_ways()}</html>" if title else words


def _least() -> str:
    return PAGE.format(ways=_ways())


def _ways() -> str:
    """How else to reach the people."""
    contact = _contact()
    lines = [
        f"<dt>{label}</dt><dd>{escape(str(contact[key]))}</dd>"
        for key, label in LABELS.items()
        if contact.get(key)
    ]
    return f"<dl>{''.join(lines)}</dl>" if lines else ASK


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
