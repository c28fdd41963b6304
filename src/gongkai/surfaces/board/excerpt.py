"""The first words of a document, for the lead of the home page. Pure."""

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
            return _cut(text)
    return ""


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    ends = [text.rfind(mark, 0, LONGEST) for mark in "。！？"]
    whole = text[: max(ends) + 1]
    return whole if len(whole) >= LONGEST // 3 else f"{text[:LONGEST]}…"
