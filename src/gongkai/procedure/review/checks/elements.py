"""What the entry and the kind of document ask to be said; and fill-in marks left over."""

import re
from collections.abc import Iterable, Iterator, Sequence

from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Hit, Place
from gongkai.procedure.review.checks.reading import Document

_MARK = re.compile(r"【\s{0,2}(?:(?:请)?填[^【】\n]{0,60}|[\s_＿.…]{0,20})】")
_DIVIDES = re.compile("[、；;]|, ")


def check(document: Document, about: About) -> Iterator[Hit]:
    """Every 【填：…】 and empty 【】; and, in one finding, what was not found word for word."""
    for passage in document.own:
        for found in _MARK.finditer(passage.text):
            words = found.group()[1:-1].strip()
            yield Hit("unfilled", passage.at(*found.span()), found.group(), words)
    lacking = missing(about.elements, (passage.text for passage in document.own))
    if lacking:
        yield Hit("elements", Place("whole"), "、".join(lacking), "、".join(lacking))


def divided(content: str) -> list[str]:
    """The elements of a line's content, in order."""
    return [each.strip() for each in _DIVIDES.split(content) if each.strip()]


def bare(text: str) -> str:
    """``text`` without any blank."""
    return re.sub(r"\s", "", text)


def missing(elements: Sequence[Sequence[str]], texts: Iterable[str]) -> list[str]:
    """The first word of each element of which no word stands in ``texts``."""
    said = bare("\n".join(texts))
    return [words[0] for words in elements if not any(bare(word) in said for word in words)]
