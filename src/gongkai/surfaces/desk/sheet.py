"""The text as a sheet: as readers will see it, with personal numbers masked and flagged."""

import re
from collections.abc import Iterable
from html import escape, unescape

from markupsafe import Markup

from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.proposals.sanitise import Block, blocks
from gongkai.procedure.review.privacy import numbers_in

_TAG = re.compile(r"(<[^>]*>)")
_MASK = re.compile(r"[0-9*]*\*{3,}[0-9Xx*]*")


def flagged(body: str) -> Markup:
    """``body`` with each personal number masked and marked; the numbers themselves are not there.

    A number that reaches over links or bold words costs its paragraph these marks.
    """
    return Markup("\n".join(_flagged(block) for block in blocks(body)))


def unsure(shown: str, words: Iterable[str]) -> Markup:
    """A sheet with the ``words`` marked that a machine was not sure of; for looking at only."""
    wanted = sorted({escape(each, quote=False) for each in words if each}, key=len, reverse=True)
    if not wanted:
        return Markup(shown)
    pattern = "|".join(map(re.escape, wanted))
    return Markup(re.sub(pattern, lambda found: f'<mark class="unsure">{found[0]}</mark>', shown))


def plain(body: str) -> str:
    """``body`` with each personal number masked and not marked, for comparing two of them."""
    return re.sub(r"</?mark[^>]*>", "", flagged(body))


def line(text: str) -> Markup:
    """One line of text, the same way."""
    return Markup(_marked(text)) if _found(text) else Markup(escape(text))


def _flagged(block: Block) -> str:
    if not _found(block.text):
        return block.html
    parts = [
        part if part.startswith("<") else _marked(unescape(part))
        for part in _TAG.split(block.inner)
    ]
    marked = Block(block.tag, "".join(parts))
    if not _found(marked.text):
        return marked.html
    return Block("p", _marked(block.text).replace("\n", "<br>")).html


def _found(text: str) -> bool:
    return any(True for each in text.split("\n") for _number in numbers_in(each))


def _marked(text: str) -> str:
    if not _found(text):
        return escape(text, quote=False)
    return _MASK.sub(
        lambda mask: f'<mark class="flag">{mask.group()}</mark>', escape(masked(text), quote=False)
    )
