"""The first words of a text, for a lead or a line. Pure."""

import re
from html import unescape

LONGEST = 120
"""Characters of a lead: four lines on a desk, eight on a phone."""

_PARAGRAPH = re.compile(r"<p[^>]*>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_ENOUGH = 12
"""A shorter paragraph is a salutation or a date."""


def lead(body: str) -> str:
    """The first paragraph of the sanitised HTML ``body`` as plain text, cut at a sentence."""
    for found in _PARAGRAPH.findall(body):
        text = unescape(_TAG.sub("", found)).strip()
        if len(text) >= _ENOUGH:
            return short(text)
    return ""


def short(text: str, longest: int = LONGEST) -> str:
    """The beginning of a plain text in one line, cut at a sentence if that leaves enough."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    ends = [line.rfind(mark, 0, longest) for mark in "。！？"]
    whole = line[: max(ends) + 1]
    return whole if len(whole) >= longest // 3 else f"{line[:longest]}…"
